/** The address of a worker's script, made by the bundler. */
declare module '*?worker&url' {
  const address: string
  export default address
}

interface ImportMeta {
  /** One member of every module that a pattern names, by the module's path; collected by the bundler. */
  glob<Member>(pattern: string, options: { eager: true; import: string }): Readonly<Record<string, Member>>
}
