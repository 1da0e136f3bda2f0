/**
 * Where `.ci/run` installs the Python packages of tests/requirements.txt, and those of tests/airflow-requirements.txt and tests/dbt-requirements.txt. Only an `X.platform.test.ts` may need them.
 * @module
 */
import { join } from 'node:path'

const programs = join(import.meta.dirname, '.venv', 'bin')

/** A Python that has pyarrow, polars and DuckDB. */
export const python = process.env.SUPPORT_ETL_PYTHON ?? join(programs, 'python')

/** The S3 server of moto. */
export const motoServer = process.env.SUPPORT_ETL_MOTO ?? join(programs, 'moto_server')

/** The generator of requests from an OpenAPI document. */
export const schemathesis = process.env.SUPPORT_ETL_SCHEMATHESIS ?? join(programs, 'schemathesis')

const dbtPrograms = join(import.meta.dirname, '.venv-dbt', 'bin')

/** dbt with its adapters for DuckDB and Postgres, and the linter of its models, in a Python of their own. */
export const dbt = process.env.SUPPORT_ETL_DBT ?? join(dbtPrograms, 'dbt')
export const sqlfluff = process.env.SUPPORT_ETL_SQLFLUFF ?? join(dbtPrograms, 'sqlfluff')

const cloudPrograms = join(import.meta.dirname, '.venv-terraform', 'bin')

/** Terraform itself is a program of the machine; its double of AWS and its linter are Python packages. */
export const terraform = process.env.SUPPORT_ETL_TERRAFORM ?? 'terraform'
export const cloudDouble = join(cloudPrograms, 'moto_server')
export const cloudPython = join(cloudPrograms, 'python')
export const checkov = join(cloudPrograms, 'checkov')

const lintPrograms = join(import.meta.dirname, '.venv-lint', 'bin')

/** The linters of container files and of workflows. */
export const hadolint = join(lintPrograms, 'hadolint')
export const zizmor = join(lintPrograms, 'zizmor')

/** Airflow, in a Python of its own. */
export const airflow = process.env.SUPPORT_ETL_AIRFLOW ?? join(import.meta.dirname, '.venv-airflow', 'bin', 'airflow')
