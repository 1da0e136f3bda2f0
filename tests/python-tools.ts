/**
 * Where `.ci/run` installs the Python packages of tests/requirements.txt, of tests/airflow-requirements.txt and of
 * tests/dbt-requirements.txt. Only an `X.platform.test.ts` may need them.
 * @module
 */
import { join } from 'node:path'

const programs = join(import.meta.dirname, '.venv', 'bin')

/** A Python that has pyarrow, polars and DuckDB. */
export const python = process.env.SUPPORT_ETL_PYTHON ?? join(programs, 'python')

/** The double of AWS. */
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
/** The Python that has it. */
export const dbtPython = join(dbtPrograms, 'python')
export const sqlfluff = process.env.SUPPORT_ETL_SQLFLUFF ?? join(dbtPrograms, 'sqlfluff')

/** A Python that has dlt and DuckDB; nothing installs it. */
export const dltPython = process.env.SUPPORT_ETL_DLT ?? join(import.meta.dirname, '.venv-dlt', 'bin', 'python')

const cloudPrograms = join(import.meta.dirname, '.venv-terraform', 'bin')

/** Terraform itself is a program of the machine; its double of AWS and its linter are Python packages. */
export const terraform = process.env.SUPPORT_ETL_TERRAFORM ?? 'terraform'
export const cloudDouble = join(cloudPrograms, 'moto_server')
export const cloudPython = join(cloudPrograms, 'python')
export const checkov = join(cloudPrograms, 'checkov')

const lintPrograms = join(import.meta.dirname, '.venv-lint', 'bin')

/** The linters of workflows; actionlint is a program of Go, beside the one that is of Python. */
export const zizmor = join(lintPrograms, 'zizmor')
export const actionlint = process.env.SUPPORT_ETL_ACTIONLINT ?? join(lintPrograms, 'actionlint')

/** Airflow, in a Python of its own, which has the drivers of Postgres and a reader of YAML as well. */
export const airflow = process.env.SUPPORT_ETL_AIRFLOW ?? join(import.meta.dirname, '.venv-airflow', 'bin', 'airflow')

export const airflowPython = join(import.meta.dirname, '.venv-airflow', 'bin', 'python')

/** The Python that has Spark, and below it the folder `jars`. */
export const sparkFolder = process.env.SUPPORT_ETL_SPARK ?? join(import.meta.dirname, '.venv-spark')
