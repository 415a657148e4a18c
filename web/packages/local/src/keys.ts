/**
 * The device's signing key: ECDSA P-256 made by WebCrypto, whose private half
 * scripts can use and never read.
 */
import { copy, type Bytes } from '@sansuiji/protocol'

/** A key that signs for this device. */
export interface DeviceKey {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes
  /** ECDSA over SHA-256: r and s, 32 bytes each. */
  readonly sign: (message: Bytes) => Promise<Bytes>
}

/** Where the device's one key is kept. */
export interface KeyStore {
  readonly load: () => Promise<DeviceKey | undefined>
  /** Makes a key and keeps it in place of any other. */
  readonly create: () => Promise<DeviceKey>
}

interface KeptKey {
  readonly privateKey: CryptoKey
  readonly publicKey: Bytes
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
const signing = { name: 'ECDSA', hash: 'SHA-256' }

/** The key in the browser's IndexedDB. */
export function browserKeys(): KeyStore {
  return {
    load: async () => {
      const kept: unknown = await inStore('readonly', (store) => store.get(keyName))
      return isKept(kept) ? deviceKey(kept) : undefined
    },
    create: async () => {
      const kept = await generate()
      await inStore('readwrite', (store) => store.put(kept, keyName))
      return deviceKey(kept)
    },
  }
}

/** A key that lasts as long as the process. For tests. */
export function memoryKeys(): KeyStore {
  let kept: KeptKey | undefined
  return {
    load: () => Promise.resolve(kept && deviceKey(kept)),
    create: async () => {
      kept = await generate()
      return deviceKey(kept)
    },
  }
}

async function generate(): Promise<KeptKey> {
  const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
  return { privateKey: pair.privateKey, publicKey }
}

function deviceKey({ privateKey, publicKey }: KeptKey): DeviceKey {
  return {
    publicKey: copy(publicKey),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign(signing, privateKey, message)),
  }
}

function isKept(value: unknown): value is KeptKey {
  return typeof value === 'object' && value !== null && 'privateKey' in value
}

const databaseName = 'sansuiji-keys'
const storeName = 'key'
const keyName = 'device'

async function inStore<T>(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await openKeys()
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(storeName, mode, { durability: 'strict' })
      const request = use(transaction.objectStore(storeName))
      transaction.oncomplete = () => {
        resolve(request.result)
      }
      transaction.onabort = () => {
        reject(transaction.error ?? new Error('key store: aborted'))
      }
    })
  } finally {
    database.close()
  }
}

function openKeys(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(storeName)
    }
    request.onsuccess = () => {
      resolve(request.result)
    }
    request.onerror = () => {
      reject(request.error ?? new Error('key store: cannot open'))
    }
  })
}
