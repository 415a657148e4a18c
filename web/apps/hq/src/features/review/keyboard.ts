/** Reviewing without the mouse. */
import { onScopeDispose } from 'vue'

export type Command =
  'next' | 'previous' | 'accept' | 'return' | 'select' | 'undo' | 'lists' | 'close'

/** What is shown in the help, in this order. */
export const keyHelp: readonly { readonly command: Command; readonly keys: readonly string[] }[] = [
  { command: 'next', keys: ['J', '↓'] },
  { command: 'previous', keys: ['K', '↑'] },
  { command: 'accept', keys: ['A'] },
  { command: 'return', keys: ['R'] },
  { command: 'select', keys: ['X'] },
  { command: 'undo', keys: ['Z'] },
  { command: 'lists', keys: ['U'] },
  { command: 'close', keys: ['Esc'] },
]

const commands: Readonly<Record<string, Command>> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  a: 'accept',
  r: 'return',
  x: 'select',
  z: 'undo',
  u: 'lists',
  Escape: 'close',
}

export type Stroke = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat'>

/**
 * What a key means. Somebody who is typing means letters, and only Esc leaves
 * the field; a key held down moves but never decides twice.
 */
export function commandOf(stroke: Stroke, typing: boolean): Command | undefined {
  if (stroke.ctrlKey || stroke.metaKey || stroke.altKey) return undefined
  const key = stroke.key.length === 1 ? stroke.key.toLowerCase() : stroke.key
  const command = commands[key]
  if (typing && command !== 'close') return undefined
  const moves = command === 'next' || command === 'previous'
  return stroke.repeat && !moves ? undefined : command
}

const typingPlaces = 'input, textarea, select, [contenteditable], [role=combobox], [role=menu]'
const openLayers = '[role=dialog], .el-select__popper[aria-hidden=false]'

/** Calls `act` for each command while the component lives. */
export function useKeyboard(act: (command: Command, event: KeyboardEvent) => void): void {
  const listen = (event: KeyboardEvent): void => {
    const target = event.target instanceof Element ? event.target : null
    const typing = Boolean(target?.closest(typingPlaces))
    if (event.defaultPrevented || document.querySelector(openLayers)) return
    const command = commandOf(event, typing)
    if (command) act(command, event)
  }
  document.addEventListener('keydown', listen)
  onScopeDispose(() => {
    document.removeEventListener('keydown', listen)
  })
}
