/**
 * The phone's database: SQLite compiled to WebAssembly, in OPFS in a browser and
 * in memory under test. It is never deleted by us, whatever goes wrong.
 */
import sqlite3InitModule, {
  type Database as Connection,
  type SAHPoolUtil,
  type Sqlite3Static,
} from '@sqlite.org/sqlite-wasm'

import { deviceMigrations } from '@sansuiji/protocol'

/** What a cell holds. Integers outside ±2⁵³ come as bigint. */
export type Value = null | number | bigint | string | Uint8Array

/** One row of an answer, by column name. */
export type Row = Readonly<Record<string, Value>>

/** Where the database lives in OPFS. Changing either loses sight of what is there. */
const poolName = 'sansuiji'
const fileName = '/field.sqlite3'

/** Pool files: the database, its journal, and room for temporary ones. */
const poolCapacity = 6

/** Pages that are kept in memory: all rows of a team, which then are read once. KiB. */
const cacheSize = 16_384

/** Waits between attempts to open, for a worker that is not quite gone. Milliseconds. */
const openWaits = [100, 300, 1000, 2000]

/** The database's file was written by a newer program. */
export class NewerDatabaseError extends Error {}

/** An open database. */
export class Database {
  readonly sqlite3: Sqlite3Static
  readonly connection: Connection
  readonly #release: () => void
  #inTransaction = false

  constructor(
    sqlite3: Sqlite3Static,
    connection: Connection,
    release: () => void = () => undefined,
  ) {
    this.sqlite3 = sqlite3
    this.connection = connection
    this.#release = release
  }

  /** Runs one statement for its effect. */
  run(sql: string, ...values: readonly Value[]): void {
    if (values.length === 0) this.connection.exec(sql)
    else this.connection.exec(sql, { bind: [...values] })
  }

  /** All rows of an answer. */
  rows(sql: string, ...values: readonly Value[]): readonly Row[] {
    return this.connection.selectObjects(sql, [...values]) as readonly Row[]
  }

  /** The first row of an answer. */
  row(sql: string, ...values: readonly Value[]): Row | undefined {
    return this.rows(sql, ...values)[0]
  }

  /** Does all of `work` or, when it throws, nothing. Transactions do not nest. */
  transaction<T>(work: () => T): T {
    if (this.#inTransaction) throw new Error('begin: a transaction is open')
    this.run('BEGIN IMMEDIATE')
    this.#inTransaction = true
    try {
      const result = work()
      this.run('COMMIT')
      return result
    } catch (error) {
      this.#rollBack()
      throw error
    } finally {
      this.#inTransaction = false
    }
  }

  /** Closes the file and lets go of it. */
  close(): void {
    this.connection.close()
    this.#release()
  }

  #rollBack(): void {
    // Some failures, such as a full disk, have rolled back already.
    const open = this.sqlite3.capi.sqlite3_get_autocommit(this.connection) === 0
    if (open) this.run('ROLLBACK')
  }
}

/** A database that lasts as long as the page. For tests. */
export async function openMemory(): Promise<Database> {
  const sqlite3 = await sqlite3InitModule()
  const database = new Database(sqlite3, new sqlite3.oo1.DB(':memory:'))
  migrate(database)
  return database
}

/** The phone's database in OPFS. Only in a dedicated worker that no other page shares. */
export async function openPool(): Promise<Database> {
  const sqlite3 = await sqlite3InitModule()
  const pool = await installPool(sqlite3)
  const connection = new pool.OpfsSAHPoolDb(fileName)
  const database = new Database(sqlite3, connection, () => {
    pool.pauseVfs()
  })
  database.run(`PRAGMA cache_size = -${cacheSize}`)
  migrate(database)
  return database
}

async function installPool(sqlite3: Sqlite3Static): Promise<SAHPoolUtil> {
  let failure: unknown
  for (const wait of [0, ...openWaits]) {
    await new Promise((resolve) => setTimeout(resolve, wait))
    try {
      return await sqlite3.installOpfsSAHPoolVfs(poolOptions)
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

const poolOptions = {
  name: poolName,
  initialCapacity: poolCapacity,
  // Without this a file that cannot be opened for a moment, say because a second
  // tab holds it, makes SQLite's pool delete everything in it.
  preserveOnInitFailure: true,
  forceReinitIfPreviouslyFailed: true,
}

/** Brings the tables to the newest version, one transaction per step. */
export function migrate(
  database: Database,
  migrations: readonly string[] = deviceMigrations,
): void {
  const version = Number(database.row('PRAGMA user_version')?.['user_version'])
  if (version > migrations.length) {
    throw new NewerDatabaseError(
      `open database: its version is ${version}, this program knows ${migrations.length}`,
    )
  }
  migrations.slice(version).forEach((sql, i) => {
    database.transaction(() => {
      database.run(sql)
      database.run(`PRAGMA user_version = ${version + i + 1}`)
    })
  })
}
