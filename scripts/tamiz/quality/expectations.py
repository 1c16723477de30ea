"""The Great Expectations half: suites, checkpoint and pages, in memory but for the pages."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from tamiz.quality.pages import Counts, finish_pages, remove_pages

Verdicts = dict[tuple[str, str], dict[str, bool]]

# Batches hold counts only; even so, results keep no value that broke a rule.
RESULT_FORMAT = {
    "result_format": "SUMMARY",
    "partial_unexpected_count": 0,
    "include_unexpected_rows": False,
}


def judged(counts: Counts, docs_dir: Path, as_of: datetime) -> Verdicts:
    """Return for each suite, table and sentence whether it is broken 0 times; write the pages.

    Each table is one suite and one batch: a data frame of one row whose columns are the sentences
    and whose values are the counts. `docs_dir` is created; pages of an earlier run are replaced.
    """
    import great_expectations as gx  # noqa: PLC0415 - takes seconds to import
    import pandas as pd  # noqa: PLC0415 - as above
    from great_expectations.core.run_identifier import RunIdentifier  # noqa: PLC0415

    remove_pages(docs_dir)
    context = gx.get_context(mode="ephemeral", project_config=context_config(docs_dir))
    assets = context.data_sources.add_pandas("warehouse")
    verdicts: Verdicts = {}
    for (suite, table), breaks in counts.items():
        name = f"{suite}.{table}"
        batch = assets.add_dataframe_asset(table).add_batch_definition_whole_dataframe("counts")
        definition = gx.ValidationDefinition(
            name=name, data=batch, suite=context.suites.add(_suite(name, breaks))
        )
        checkpoint = gx.Checkpoint(
            name=name,
            validation_definitions=[context.validation_definitions.add(definition)],
            result_format=RESULT_FORMAT,
        )
        result = context.checkpoints.add(checkpoint).run(
            batch_parameters={"dataframe": pd.DataFrame([breaks])},
            run_id=RunIdentifier(run_name="validate", run_time=as_of),
        )
        verdicts[suite, table] = {
            outcome.expectation_config.kwargs["column"]: bool(outcome.success)
            for validation in result.run_results.values()
            for outcome in validation.results
            if outcome.expectation_config
        }
    context.build_data_docs()
    finish_pages(counts, docs_dir, as_of)
    return verdicts


def context_config(docs_dir: Path) -> Any:  # noqa: ANN401 - a class of a lazily imported package
    """Return the configuration of a context that keeps all but its pages in memory.

    Nothing is sent anywhere: analytics are off, and so are progress bars.
    """
    from great_expectations.data_context.types.base import (  # noqa: PLC0415 - as above
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    return DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
        data_docs_sites={
            "quality": {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": str(docs_dir.resolve()),
                },
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        },
    )


def _suite(name: str, breaks: Mapping[str, int]) -> Any:  # noqa: ANN401 - as above
    import great_expectations as gx  # noqa: PLC0415 - as above
    from great_expectations.expectations.core.expect_column_max_to_be_between import (  # noqa: PLC0415 - as above
        ExpectColumnMaxToBeBetween,
    )

    return gx.ExpectationSuite(
        name=name,
        expectations=[
            ExpectColumnMaxToBeBetween(column=sentence, max_value=0, description=sentence)
            for sentence in breaks
        ],
    )
