/**
 * Declarations of formats, and jobs whose files are written as they say.
 * @module
 */
export { type DeclaredFormat, type FormatDeclaration, readDeclaration } from './declaration.ts'
export { declarationSchema } from './declaration-schema.ts'
export { type FormatOverrides, withDeclaredFormats } from './declared-job.ts'
