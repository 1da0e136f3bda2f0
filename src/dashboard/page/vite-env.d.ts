/** The address of a worker's script, made by the bundler. */
declare module '*?worker&url' {
  const address: string
  export default address
}
