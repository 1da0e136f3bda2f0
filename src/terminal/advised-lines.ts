/**
 * The command lines that advice names, as they work for the job and the place of the running command.
 * @module
 */

/** The job of a system's own command. */
export interface CommandJob {
  /** Its name, for the commands that work for every job. */
  readonly name: string
  /** The command that runs it: `interactions import`. */
  readonly run: string
}

/** Command lines that can be pasted. */
export interface AdvisedLines {
  /** The place that the running command looks at. */
  readonly out: string
  /** Runs the job. */
  readonly run: string
  /** Lists everything that is wrong in its source files. */
  readonly check: string
  /** Returns the line that explains an error code. */
  explains(code: string): string
  /** Returns the line of a command that looks at the place, such as `status`. */
  at(command: 'quarantine' | 'status' | 'verify'): string
}

/** Where commands look that are not told another place. */
export const USUAL_OUT = 'output'
/** Where commands look for source files that are not told another folder. */
export const USUAL_DATA = 'data'

const quoted = (path: string): string => (/^[\w./:-]+$/.test(path) ? path : `'${path}'`)

/** Returns the lines for a program, the job of its running command, and the command's `--out`. */
export function advisedLines(program: string, job?: CommandJob, out: string = USUAL_OUT): AdvisedLines {
  return {
    out,
    run: `${program} ${job?.run ?? 'run'}`,
    check: `${program} check${job === undefined ? '' : ` --job ${job.name}`}`,
    explains: (code) => `${program} errors ${code}`,
    at: (command) => `${program} ${command}${out === USUAL_OUT ? '' : ` --out ${quoted(out)}`}`,
  }
}
