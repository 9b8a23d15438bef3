"""How the tables are read with pandas, polars and R; the tests run these lines as they stand.

``FOLDER`` stands for where the tables lie.
"""

POLARS = """\
import polars as pl

events = pl.read_parquet("FOLDER/events.parquet")
milestones = pl.read_parquet("FOLDER/milestones.parquet")
findings = pl.read_parquet("FOLDER/findings.parquet")
# of a CSV file, the columns of dates have to be named: all rows are read before types are known
dates = ["earliest", "latest", "end_earliest", "end_latest"]
from_csv = pl.read_csv("FOLDER/events.csv", infer_schema_length=None).with_columns(
    pl.col(dates).cast(pl.String).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC")
)

# a list: one row for each actor
by_actor = events.with_columns(pl.col("actor").str.split(" | ")).explode("actor")

# median lag of the first school closure in force behind the first case, in days, by country
lags = milestones.filter(
    pl.col("kind") == "first-measure-school-closure", pl.col("basis") == "in-force"
).with_columns(
    country=pl.col("place").str.head(2),
    days=(pl.col("min_lag_seconds") + pl.col("max_lag_seconds")) / 2 / 86400,
)
median_lag = lags.group_by("country").agg(pl.col("days").median()).sort("days")

# governments certainly late by the yardstick of prompt disclosure, smallest delay in days
late = findings.filter(
    pl.col("norm") == "yardstick-prompt-disclosure", pl.col("timeliness") == "definitely-late"
)
delayed = late.group_by("bearer").agg(days=pl.col("min_delay_seconds").max() / 86400)
"""

PANDAS = """\
import pandas as pd

# without dtype_backend, whole numbers with gaps become decimals
whole = {"dtype_backend": "numpy_nullable"}
events = pd.read_parquet("FOLDER/events.parquet", **whole)
milestones = pd.read_parquet("FOLDER/milestones.parquet", **whole)
findings = pd.read_parquet("FOLDER/findings.parquet", **whole)
# of a CSV file: NA is Namibia, only an empty cell is missing
from_csv = pd.read_csv("FOLDER/events.csv", keep_default_na=False, na_values=[""], **whole)
for column in ("earliest", "latest", "end_earliest", "end_latest"):
    from_csv[column] = pd.to_datetime(from_csv[column], utc=True)

# a list: one row for each actor
by_actor = events.assign(actor=events.actor.str.split(" | ", regex=False)).explode("actor")

# median lag of the first school closure in force behind the first case, in days, by country
lags = milestones[
    (milestones.kind == "first-measure-school-closure") & (milestones.basis == "in-force")
]
days = (lags.min_lag_seconds + lags.max_lag_seconds) / 2 / 86400
median_lag = days.groupby(lags.place.str[:2]).median().sort_values()

# governments certainly late by the yardstick of prompt disclosure, smallest delay in days
late = findings[
    (findings.norm == "yardstick-prompt-disclosure") & (findings.timeliness == "definitely-late")
]
delayed = late.groupby("bearer").min_delay_seconds.max() / 86400
"""

R = """\
# NA is Namibia, only an empty cell is missing
read_table <- function(name) {
  read.csv(file.path("FOLDER", name), encoding = "UTF-8", na.strings = "")
}
events <- read_table("events.csv")
milestones <- read_table("milestones.csv")
findings <- read_table("findings.csv")
moment <- function(text) as.POSIXct(text, format = "%Y-%m-%dT%H:%M:%SZ", tz = "UTC")
events$earliest <- moment(events$earliest)
events$latest <- moment(events$latest)
events$suspect_date <- events$suspect_date == "true"

# a list
actors <- strsplit(events$actor, " | ", fixed = TRUE)

# median lag of the first school closure in force behind the first case, in days, by country
lags <- subset(milestones, kind == "first-measure-school-closure" & basis == "in-force")
lags$country <- substr(lags$place, 1, 2)
lags$days <- (lags$min_lag_seconds + lags$max_lag_seconds) / 2 / 86400
median_lag <- aggregate(days ~ country, lags, median)

# governments certainly late by the yardstick of prompt disclosure, smallest delay in days
late <- subset(findings, norm == "yardstick-prompt-disclosure" & timeliness == "definitely-late")
delayed <- aggregate(min_delay_seconds / 86400 ~ bearer, late, max)
"""
