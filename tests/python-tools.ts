/**
 * Where `.ci/run` installs the Python packages of tests/requirements.txt, of tests/airflow-requirements.txt and of
 * tests/dbt-requirements.txt. Only an `X.platform.test.ts` may need them.
 * @module
 */
import { join } from 'node:path'

const programs = join(import.meta.dirname, '.venv', 'bin')

/** A Python that has pyarrow, polars and DuckDB. */
export const python = process.env.SUPPORT_ETL_PYTHON ?? join(programs, 'python')

/** The S3 server of moto. */
export const motoServer = process.env.SUPPORT_ETL_MOTO ?? join(programs, 'moto_server')

/** A server of Spark Connect. */
export const sail = process.env.SUPPORT_ETL_SAIL ?? join(programs, 'sail')

/** The generator of requests from an OpenAPI document. */
export const schemathesis = process.env.SUPPORT_ETL_SCHEMATHESIS ?? join(programs, 'schemathesis')

/** Checks files against published schemas, of which it brings its own copies. */
export const checkJsonschema = process.env.SUPPORT_ETL_CHECK_JSONSCHEMA ?? join(programs, 'check-jsonschema')

/** Checks Containerfiles. */
export const hadolint = process.env.SUPPORT_ETL_HADOLINT ?? join(programs, 'hadolint')

const dbtPrograms = join(import.meta.dirname, '.venv-dbt', 'bin')

/** dbt with its adapters for DuckDB and Postgres, and the linter of its models, in a Python of their own. */
export const dbt = process.env.SUPPORT_ETL_DBT ?? join(dbtPrograms, 'dbt')
export const sqlfluff = process.env.SUPPORT_ETL_SQLFLUFF ?? join(dbtPrograms, 'sqlfluff')

/** Airflow, in a Python of its own. */
export const airflow = process.env.SUPPORT_ETL_AIRFLOW ?? join(import.meta.dirname, '.venv-airflow', 'bin', 'airflow')

/** The Python that has Spark, and below it the folder `jars`. */
export const sparkFolder = process.env.SUPPORT_ETL_SPARK ?? join(import.meta.dirname, '.venv-spark')
