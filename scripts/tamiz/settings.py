"""One typed settings object, read from the environment by the command line and nobody else."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where things lie; each is `TAMIZ_<NAME>` in the environment.

    Paths are relative to the folder the command runs in, which is the dbt project. Accounts stand
    in the file `platforms`; their secrets are read where an account is used, by push/accounts.py.
    """

    model_config = SettingsConfigDict(env_prefix="TAMIZ_", frozen=True)

    raw: Path = Path("target/demo/raw")
    duckdb: Path = Path("target/tamiz.duckdb")
    published: Path = Path("target/published")
    ledger: Path = Path(".tamiz/ledger.db")
    platforms: Path = Path("platforms.yml")
    quality_docs: Path = Path("target/quality")
    report: Path = Path("target/report.html")
    exports: Path = Path("target/exports")
