import { DictionaryColumn, NumberColumn } from '/work/main/src/table/column.ts'
import { duplicateRows } from '/work/main/src/table/duplicates.ts'
import { frameOf } from '/work/main/src/table/frame.ts'
import { keyBytes } from '/work/main/src/table/key.ts'
import { KeyIndex } from '/work/main/src/table/key-index.ts'
import { encodeTexts, plainText } from '/work/main/src/table/utf8.ts'

const N = 1_000_000
const ids = encodeTexts(Array.from({ length: N }, (_, i) => `INT${String(i).padStart(9, '0')}`))
const base = frameOf([
  ['id', ids],
  [
    'c',
    new DictionaryColumn(
      Int32Array.from({ length: N }, (_, i) => i % 7),
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
    ),
  ],
  [
    'n',
    new NumberColumn(
      'float64',
      Float64Array.from({ length: N }, (_, i) => i),
    ),
  ],
])
const cpu = (name: string, f: () => unknown) => {
  const c = process.cpuUsage()
  const t = performance.now()
  f()
  const d = process.cpuUsage(c)
  return `${name} ${(performance.now() - t).toFixed(0)} (cpu ${(d.user / 1000).toFixed(0)}+${(d.system / 1000).toFixed(0)})`
}
for (let k = 0; k < 4; k++) {
  const a = keyBytes(base, ['id'])
  console.log(
    cpu('text', () => keyBytes(base, ['id'])),
    cpu('text+dict', () => keyBytes(base, ['id', 'c'])),
    cpu('gather dict', () => plainText(base.columns.get('c') as DictionaryColumn)),
    cpu('n', () => keyBytes(base, ['n'])),
    cpu('dups', () => duplicateRows(a)),
    cpu('index', () => KeyIndex.of(a)),
  )
}
