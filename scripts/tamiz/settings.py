"""One typed settings object, read from the environment by the command line and nobody else."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where things lie and which accounts are used; each is `TAMIZ_<NAME>` in the environment.

    Paths are relative to the folder the command runs in, which is the dbt project. Secrets are
    `SecretStr`: printing or logging the object shows asterisks.
    """

    model_config = SettingsConfigDict(env_prefix="TAMIZ_", frozen=True)

    raw: Path = Path("target/demo/raw")
    duckdb: Path = Path("target/tamiz.duckdb")
    published: Path = Path("target/published")
    ledger: Path = Path(".tamiz/ledger.db")
    quality_docs: Path = Path("target/quality")
    report: Path = Path("target/report.html")

    meta_access_token: SecretStr | None = None
    meta_ad_account_id: str | None = None
    google_access_token: SecretStr | None = None
    google_customer_id: str | None = None
    google_login_customer_id: str | None = None
