/**
 * The phone's database: SQLite compiled to WebAssembly, in OPFS in a browser and
 * in memory under test. It is never deleted by us, whatever goes wrong.
 */
import sqlite3InitModule, {
  type Database as Connection,
  type PreparedStatement,
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

/** Pool files: the database, its write-ahead log, and room for temporary ones. */
const poolCapacity = 6

/** Pages that are kept in memory: all rows of a team, which then are read once. KiB. */
const cacheSize = 16_384

/**
 * From this size on the write-ahead log is written into the database: some 40 saves, and little
 * to read again at a start. Pages.
 */
const logPages = 256

/** Statements that are kept ready: a save asks dozens of small questions, the same each time. */
const readyMax = 128

/** Waits between attempts to open, for a worker that is not quite gone. Milliseconds. */
const openWaits = [100, 300, 1000, 2000]

/** The database's file was written by a newer program. */
export class NewerDatabaseError extends Error {}

/** An open database. */
export class Database {
  readonly sqlite3: Sqlite3Static
  readonly connection: Connection
  readonly #release: () => void
  readonly #ready = new Map<string, PreparedStatement>()
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

  /** Runs one statement for its effect; several, if they have no values. */
  run(sql: string, ...values: readonly Value[]): void {
    if (values.length === 0) this.connection.exec(sql)
    else this.rows(sql, ...values)
  }

  /** All rows of an answer. */
  rows(sql: string, ...values: readonly Value[]): readonly Row[] {
    // Taken out while it is in use, and put back as the one that was used last.
    const statement = this.#ready.get(sql) ?? this.connection.prepare(sql)
    this.#ready.delete(sql)
    try {
      if (values.length > 0) statement.bind([...values])
      const rows = readAll(statement)
      statement.reset(true)
      this.#keepReady(sql, statement)
      return rows
    } catch (error) {
      statement.finalize()
      throw error
    }
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

  /** Forgets statements that are ready: the tables are not what they were. */
  forgetReady(): void {
    for (const statement of this.#ready.values()) statement.finalize()
    this.#ready.clear()
  }

  /** Closes the file and lets go of it. */
  close(): void {
    this.forgetReady()
    this.connection.close()
    this.#release()
  }

  #keepReady(sql: string, statement: PreparedStatement): void {
    this.#ready.set(sql, statement)
    if (this.#ready.size <= readyMax) return
    const [oldest] = this.#ready
    oldest?.[1].finalize()
    this.#ready.delete(oldest?.[0] ?? sql)
  }

  #rollBack(): void {
    // Some failures, such as a full disk, have rolled back already.
    const open = this.sqlite3.capi.sqlite3_get_autocommit(this.connection) === 0
    if (open) this.run('ROLLBACK')
  }
}

function readAll(statement: PreparedStatement): readonly Row[] {
  const rows: Row[] = []
  let names: readonly string[] | undefined
  while (statement.step()) {
    names ??= statement.getColumnNames([])
    const values = statement.get([])
    rows.push(Object.fromEntries(names.map((name, i) => [name, values[i] as Value])))
  }
  return rows
}

/** A database that lasts as long as the page. For tests. */
export async function openMemory(): Promise<Database> {
  const sqlite3 = await sqlite3InitModule()
  const database = new Database(sqlite3, new sqlite3.oo1.DB(':memory:'))
  migrate(database)
  return database
}

/** Tells of the steps of opening. */
type Mark = (step: 'sqlite' | 'pool' | 'open') => void

/**
 * The phone's database in OPFS. Only in a dedicated worker that no other page shares. SQLite
 * may have been compiled meanwhile; where that failed it is fetched anew.
 */
export async function openPool(compiled: WebAssembly.Module | null, mark: Mark): Promise<Database> {
  const sqlite3 = await initSqlite(compiled)
  mark('sqlite')
  const pool = await installPool(sqlite3)
  mark('pool')
  const connection = new pool.OpfsSAHPoolDb(fileName)
  const database = new Database(sqlite3, connection, () => {
    pool.pauseVfs()
  })
  configure(database)
  migrate(database)
  mark('open')
  return database
}

/**
 * A commit is one flush of the write-ahead log, where a rollback journal takes six. Its index
 * needs shared memory, which OPFS has not, or a database that nobody else opens: so that comes
 * first of all. See docs/adr/0018.
 */
function configure(database: Database): void {
  database.run('PRAGMA locking_mode = EXCLUSIVE')
  database.run(`PRAGMA cache_size = -${cacheSize}`)
  try {
    database.run('PRAGMA journal_mode = WAL')
  } catch {
    // A full disk has no room for the change: it goes on with the journal that it has.
  }
  database.run(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${logPages}`)
}

/** SQLite's set-up; its own types do not know that it takes code that is compiled already. */
const init: (options?: { readonly instantiateWasm: Instantiate }) => Promise<Sqlite3Static> =
  sqlite3InitModule

type Instantiate = (
  imports: WebAssembly.Imports,
  done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
) => void

async function initSqlite(compiled: WebAssembly.Module | null): Promise<Sqlite3Static> {
  if (!compiled) return init()
  return new Promise((resolve, reject) => {
    const instantiateWasm: Instantiate = (imports, done) => {
      WebAssembly.instantiate(compiled, imports).then((instance) => {
        done(instance, compiled)
      }, reject)
    }
    init({ instantiateWasm }).then(resolve, reject)
  })
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
    database.forgetReady()
  })
}
