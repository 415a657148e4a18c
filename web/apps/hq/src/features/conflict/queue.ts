/** Going through conflicts by the keyboard, one decision after another. */
import { onScopeDispose } from 'vue'

export type Stroke = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat'>

export type Command =
  | { readonly kind: 'keep'; readonly index: number }
  | { readonly kind: 'write' | 'next' | 'previous' | 'undo' }

const commands: Readonly<Record<string, Command>> = {
  j: { kind: 'next' },
  ArrowDown: { kind: 'next' },
  k: { kind: 'previous' },
  ArrowUp: { kind: 'previous' },
  w: { kind: 'write' },
  z: { kind: 'undo' },
}

/** The letters of the sides, as they stand on the screen. */
const sides = 'abcdefgh'

/** What a key means, unless somebody is typing; one held down decides nothing. */
export function commandOf(stroke: Stroke): Command | undefined {
  if (stroke.ctrlKey || stroke.metaKey || stroke.altKey) return undefined
  const key = stroke.key.length === 1 ? stroke.key.toLowerCase() : stroke.key
  const command = commands[key]
  if (command) {
    const moves = command.kind === 'next' || command.kind === 'previous'
    return stroke.repeat && !moves ? undefined : command
  }
  const index = sides.indexOf(key)
  return key.length === 1 && index >= 0 && !stroke.repeat ? { kind: 'keep', index } : undefined
}

const typingPlaces = 'input, textarea, select, [contenteditable], [role=combobox], [role=menu]'
const openLayers = '[role=dialog], .el-select__popper[aria-hidden=false]'

/** Calls `act` for each command while the component lives. */
export function useQueueKeys(act: (command: Command, event: KeyboardEvent) => void): void {
  const listen = (event: KeyboardEvent): void => {
    const target = event.target instanceof Element ? event.target : null
    if (target?.closest(typingPlaces) || event.defaultPrevented) return
    if (document.querySelector(openLayers)) return
    const command = commandOf(event)
    if (command) act(command, event)
  }
  document.addEventListener('keydown', listen)
  onScopeDispose(() => {
    document.removeEventListener('keydown', listen)
  })
}
