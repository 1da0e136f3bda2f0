/**
 * Asks the reader for a key, where the server shows its data to nobody without one.
 * @module
 */
import { element } from '../../page/element.ts'
import type { KeyLife } from '../../page/site/site-key.ts'
import type { KeyProblem } from '../../page/site/watch.ts'

/** What is wrong with a key that was sent. The server does not say whether a key ever counted. */
const REFUSED: Readonly<Record<KeyProblem, string>> = {
  unauthorized: 'The server does not take this key: it is unknown, expired or revoked.',
  scope_missing: 'This key does not allow reading: it lacks the scope “read”.',
}
/** A header holds these alone. */
const CHARACTERS = /^[\x21-\x7e]+$/

/** What is wrong with a key before it is sent; null where it may be one. */
function faultOf(key: string): string | null {
  if (key === '') return 'Give a key first.'
  return CHARACTERS.test(key) ? null : 'This is not a key: a key has no spaces, and no letters with accents.'
}

export interface KeyForm {
  readonly element: HTMLElement
  /** Says that the key was refused, and lets the reader give another one. */
  refuse(problem: KeyProblem): void
}

/** Returns the form. `onKey` gets a key, and how long the reader wants it kept. */
export function keyForm(onKey: (key: string, life: KeyLife) => void): KeyForm {
  const field = element('input', {
    ...{ id: 'site-key', type: 'password', autocomplete: 'off', spellcheck: 'false' },
    'aria-describedby': 'site-key-fault',
  })
  const keep = element('input', { type: 'checkbox', 'aria-describedby': 'site-key-life' })
  const fault = element('p', { id: 'site-key-fault', class: 'fault', role: 'alert' })
  const open = element('button', { type: 'submit', class: 'primary' }, 'Open')
  const refuse = (text: string) => {
    fault.textContent = text
    field.setAttribute('aria-invalid', 'true')
    open.disabled = false
    field.focus()
    field.select()
  }
  const submit = (event: Event) => {
    event.preventDefault()
    const key = field.value.trim()
    const problem = faultOf(key)
    if (problem !== null) return refuse(problem)
    fault.textContent = ''
    field.removeAttribute('aria-invalid')
    open.disabled = true
    onKey(key, keep.checked ? 'tab' : 'page')
  }
  return {
    element: element(
      'section',
      { class: 'blank' },
      element('h2', {}, 'This data needs a key'),
      element(
        'p',
        {},
        'The server shows it to readers with a key that allows to read. Whoever runs the server makes one:',
      ),
      element('pre', {}, element('code', {}, 'support-etl keys create NAME')),
      element(
        'form',
        { class: 'key-form', 'aria-label': 'Key', onsubmit: submit },
        element('label', { for: 'site-key' }, 'Key'),
        field,
        fault,
        element('label', { class: 'choice' }, keep, 'Keep it until this tab is closed'),
        element(
          'p',
          { id: 'site-key-life', class: 'note' },
          'Otherwise only this page has it, and forgets it when it is loaded again. If you keep it, the browser has it in the session storage of this tab. It is never part of an address.',
        ),
        open,
      ),
    ),
    refuse: (problem) => refuse(REFUSED[problem]),
  }
}
