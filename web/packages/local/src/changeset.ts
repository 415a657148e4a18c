/**
 * SQLite's own changesets: recorded while a transaction writes, read row by row,
 * and applied. Everything that touches the WebAssembly heap is in this file.
 */
import { columnNames, tableOf, tables, type Bytes } from '@sansuiji/protocol'

import type { Database, Value } from './database'

/** What one change does to a row. */
export type Operation = 'insert' | 'update' | 'delete'

/** One change of a changeset. Cells are in wire order; undefined means not changed. */
export interface Change {
  readonly table: string
  readonly operation: Operation
  /** The key's 16 bytes. */
  readonly key: Uint8Array
  /** New values: all of them for an insert, the changed ones for an update. */
  readonly values: readonly (Value | undefined)[]
}

/** A changeset names tables or columns that are not the catalogue's. */
export class ForeignChangesetError extends Error {}

/**
 * Runs `work` with a session on the synced tables and gives the changeset of what
 * it wrote, which is empty when nothing changed. Call it inside a transaction.
 */
export function recordChanges(database: Database, work: () => void): Bytes {
  const { capi } = database.sqlite3
  const session = createSession(database)
  try {
    for (const table of tables) {
      check(database, capi.sqlite3session_attach(session, table.name), `attach ${table.name}`)
    }
    work()
    return changesetOf(database, session)
  } finally {
    capi.sqlite3session_delete(session)
  }
}

function createSession(database: Database): number {
  const { capi, wasm } = database.sqlite3
  return withPointers(database, (out) => {
    const rc = capi.sqlite3session_create(database.connection, 'main', out)
    check(database, rc, 'create session')
    return wasm.peekPtr(out)
  })
}

function changesetOf(database: Database, session: number): Bytes {
  const { capi, wasm } = database.sqlite3
  return withPointers(database, (size, data) => {
    check(database, capi.sqlite3session_changeset(session, size, data), 'read changeset')
    const pointer = wasm.peekPtr(data)
    const length = wasm.peek32(size)
    // Copied out before it is freed: the heap may move and be used again.
    const bytes = Uint8Array.from(wasm.heap8u().subarray(pointer, pointer + length))
    capi.sqlite3_free(pointer)
    return bytes
  })
}

/** The changes of a changeset or patchset, one after another. */
export function readChanges(database: Database, changeset: Uint8Array): readonly Change[] {
  const changes: Change[] = []
  walk(database, changeset, (iterator, table, operation, width) => {
    changes.push(readChange(database, iterator, table, operation, width))
  })
  return changes
}

/** The keys, 16 bytes each, of the rows a changeset touches. */
export function changedKeys(database: Database, changeset: Uint8Array): readonly Uint8Array[] {
  const keys: Uint8Array[] = []
  walk(database, changeset, (iterator, table, operation) => {
    keys.push(readKey(database, iterator, table, operation))
  })
  return keys
}

/** Refuses a patchset whose tables or widths are not ours: SQLite would skip them silently. */
export function checkTables(database: Database, patchset: Uint8Array): void {
  walk(database, patchset, (_iterator, name, _operation, width) => {
    const table = tableOf(name)
    if (!table) throw new ForeignChangesetError(`apply: unknown table ${name}`)
    const want = columnNames(table).length
    if (width !== want) {
      throw new ForeignChangesetError(`apply: ${name} has ${width} columns, want ${want}`)
    }
  })
}

/**
 * Applies a patchset: rows that exist already are replaced, rows to delete that
 * are gone are passed over, and a row that breaks a constraint stops it all.
 */
export function applyPatchset(database: Database, patchset: Uint8Array): void {
  if (patchset.length === 0) return
  const { capi } = database.sqlite3
  const decide = (kind: number) => {
    switch (kind) {
      case capi.SQLITE_CHANGESET_DATA:
      case capi.SQLITE_CHANGESET_CONFLICT:
        return capi.SQLITE_CHANGESET_REPLACE
      case capi.SQLITE_CHANGESET_NOTFOUND:
        return capi.SQLITE_CHANGESET_OMIT
      default:
        return capi.SQLITE_CHANGESET_ABORT
    }
  }
  withBytes(database, patchset, (pointer) => {
    const rc = capi.sqlite3changeset_apply(
      database.connection,
      patchset.length,
      pointer,
      0,
      (_context, kind) => decide(kind),
      0,
    )
    check(database, rc, 'apply')
  })
}

type Visit = (iterator: number, table: string, operation: Operation, width: number) => void

function walk(database: Database, changeset: Uint8Array, visit: Visit): void {
  if (changeset.length === 0) return
  const { capi, wasm } = database.sqlite3
  withBytes(database, changeset, (pointer) => {
    const iterator = withPointers(database, (out) => {
      check(database, capi.sqlite3changeset_start(out, changeset.length, pointer), 'start')
      return wasm.peekPtr(out)
    })
    try {
      for (;;) {
        const rc: number = capi.sqlite3changeset_next(iterator)
        if (rc === capi.SQLITE_DONE) return
        if (rc !== capi.SQLITE_ROW) check(database, rc, 'next change')
        visit(iterator, ...readHead(database, iterator))
      }
    } finally {
      capi.sqlite3changeset_finalize(iterator)
    }
  })
}

function readHead(database: Database, iterator: number): [string, Operation, number] {
  const { capi, wasm } = database.sqlite3
  return withPointers(database, (table, width, operation) => {
    check(database, capi.sqlite3changeset_op(iterator, table, width, operation, 0), 'read change')
    const name = wasm.cstrToJs(wasm.peekPtr(table))
    if (name === null) throw new ForeignChangesetError('read change: no table name')
    return [name, operationOf(database, wasm.peek32(operation)), wasm.peek32(width)]
  })
}

function operationOf(database: Database, code: number): Operation {
  const { capi } = database.sqlite3
  switch (code) {
    case capi.SQLITE_INSERT:
      return 'insert'
    case capi.SQLITE_UPDATE:
      return 'update'
    default:
      return 'delete'
  }
}

function readChange(
  database: Database,
  iterator: number,
  table: string,
  operation: Operation,
  width: number,
): Change {
  const { capi } = database.sqlite3
  const key = readKey(database, iterator, table, operation)
  const cell = (column: number) =>
    capi.sqlite3changeset_new_js(iterator, column) as Value | undefined
  const values = operation === 'delete' ? [] : Array.from({ length: width }, (_, i) => cell(i))
  return { table, operation, key, values }
}

function readKey(
  database: Database,
  iterator: number,
  table: string,
  operation: Operation,
): Uint8Array {
  const { capi } = database.sqlite3
  const key =
    operation === 'insert'
      ? capi.sqlite3changeset_new_js(iterator, 0)
      : capi.sqlite3changeset_old_js(iterator, 0)
  if (!(key instanceof Uint8Array)) throw new ForeignChangesetError(`read ${table}: no key`)
  return key
}

function withBytes<T>(database: Database, bytes: Uint8Array, use: (pointer: number) => T): T {
  const { wasm } = database.sqlite3
  const pointer = wasm.allocFromTypedArray(bytes)
  try {
    return use(pointer)
  } finally {
    wasm.dealloc(pointer)
  }
}

/** Lends pointer-sized places on the small stack and gives them back. */
function withPointers<T>(database: Database, use: (a: number, b: number, c: number) => T): T {
  const { pstack } = database.sqlite3.wasm
  const before = pstack.pointer
  try {
    return use(pstack.alloc(8), pstack.alloc(8), pstack.alloc(8))
  } finally {
    pstack.restore(before)
  }
}

function check(database: Database, rc: number, step: string): void {
  const { capi } = database.sqlite3
  if (rc === capi.SQLITE_OK) return
  throw new Error(`${step}: ${capi.sqlite3_errstr(rc)} (${rc})`)
}
