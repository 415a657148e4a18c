import { readFileSync } from 'node:fs'

import { expand, extract } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { fromHex, toHex } from '@sansuiji/protocol'
import { describe, expect, test } from 'vitest'

import { divisor, round, type Cell } from './allocate'
import { assign, type Assigning, type Assignment } from './assign'
import { isHash, ticketing, type Hash } from './bytes'
import { distancesOf, tourLength } from './distances'
import { canonical, parseJSON } from './json'
import { leads, leafHash, proofOf, root } from './merkle'
import { problemOf, type Code } from './problem'
import { drawRoute } from './route'
import { millionths, score } from './sample'
import { commit } from './seed'
import { Stream } from './stream'

interface Vectors {
  readonly hmac: readonly { Key: string; Data: string; MAC: string }[]
  readonly hkdf: readonly { IKM: string; Salt: string; Info: string; PRK: string; OKM: string }[]
  readonly merkle: readonly { Leaves: readonly string[]; Root: string }[]
  readonly canonical: readonly { Text: string; Canonical: string }[]
  readonly refused: readonly { Text: string; Code: Code; Args?: readonly string[] }[]
  readonly stream: readonly {
    Key: string
    Below: readonly number[]
    Gives: readonly number[] | null
    Big: string
    Then: string
  }[]
  readonly ticket: readonly { Key: string; ID: string; Ticket: string }[]
  readonly commit: readonly { Ceremony: string; Role: string; Secret: string; Commit: string }[]
  readonly divisor: readonly (Weighed & { Min: number; Neyman: boolean })[]
  readonly round: readonly (Weighed & { Key: string })[]
  readonly pareto: readonly { Ticket: string; A: string; D: string; Score: string }[]
  readonly assign: readonly {
    Items: readonly string[]
    Teams: Assigning['teams']
    Barred?: Assigning['barred']
    Key: string
    Gives: Assignment
  }[]
  readonly tour: readonly {
    X: readonly number[]
    Y: readonly number[]
    Detour: number
    Percent: number
    Moves: number
    Key: string
    Best: number
    Budget: number
    Tour: readonly number[]
    Length: number
  }[]
  readonly decimal: readonly { A: string; B: string; Gives: string }[]
}

interface Weighed {
  readonly Weights: readonly number[]
  readonly N: number
  readonly Gives: readonly number[]
}

const file = new URL('../../../../testdata/draw/vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors

function cellsOf({ Weights }: Weighed, min: number): readonly Cell[] {
  return Weights.map((weight, i) => {
    return { stratum: `S${String(i).padStart(2, '0')}`, weight, min, max: 1_000_000 }
  })
}

function hash(text: string): Hash {
  if (!isHash(text)) throw new Error(`${text} is no hash`)
  return text
}

describe('vectors of others', () => {
  test.each(vectors.hmac)('HMAC of $Data', ({ Key, Data, MAC }) => {
    expect(toHex(hmac(sha256, fromHex(Key), fromHex(Data)))).toBe(MAC)
  })

  test.each(vectors.hkdf)('HKDF of $IKM', ({ IKM, Salt, Info, PRK, OKM }) => {
    const key = extract(sha256, fromHex(IKM), fromHex(Salt))
    expect(toHex(key)).toBe(PRK)
    expect(toHex(expand(sha256, key, fromHex(Info), OKM.length / 2))).toBe(OKM)
  })

  test.each(vectors.merkle)('the tree of $Leaves', ({ Leaves, Root }) => {
    const leaves = Leaves.map((leaf) => leafHash(fromHex(leaf)))
    expect(toHex(root(leaves))).toBe(Root)
    for (const [at, leaf] of leaves.entries()) {
      expect(leads(leaf, proofOf(leaves, at), hash(Root))).toBe(true)
    }
  })

  test.each(vectors.divisor)('$N places for $Weights', (v) => {
    expect(divisor(cellsOf(v, v.Min), { n: v.N, neyman: v.Neyman })).toEqual(v.Gives)
  })

  test.each(vectors.canonical)('the canonical form of $Text', ({ Text, Canonical }) => {
    expect(canonical(parseJSON(Text))).toBe(Canonical)
  })
})

describe('vectors that were made in Go', () => {
  test.each(vectors.refused)('$Text is refused', ({ Text, Code, Args }) => {
    let problem
    try {
      parseJSON(Text)
    } catch (error) {
      problem = problemOf(error)
    }
    expect(problem).toEqual({ code: Code, args: Args ?? [] })
  })

  test.each(vectors.stream)('the numbers of $Key', ({ Key, Below, Gives, Big, Then }) => {
    const stream = new Stream(fromHex(Key))
    expect(Below.map((m) => stream.below(m))).toEqual(Gives ?? [])
    expect(stream.belowBig(BigInt(Big)).toString()).toBe(Then)
  })

  test.each(vectors.ticket)('the ticket of $ID', ({ Key, ID, Ticket }) => {
    expect(toHex(ticketing(fromHex(Key))(ID))).toBe(Ticket)
  })

  test.each(vectors.commit)('the commitment of $Role', ({ Ceremony, Role, Secret, Commit }) => {
    expect(commit(Ceremony, Role, hash(Secret))).toBe(Commit)
  })

  test.each(vectors.round)('$N places for $Weights by chance', (v) => {
    expect(round(cellsOf(v, 0), v.N, new Stream(fromHex(v.Key)))).toEqual(v.Gives)
  })

  test.each(vectors.pareto)('the score of $Ticket with $A/$D', ({ Ticket, A, D, Score }) => {
    expect(score(fromHex(Ticket), Number(A), Number(D)).toString(16)).toBe(Score)
  })

  test.each(vectors.assign)('$Items to $Teams', ({ Items, Teams, Barred, Key, Gives }) => {
    const what = { items: Items, teams: Teams, barred: Barred ?? [] }
    expect(assign(what, new Stream(fromHex(Key)))).toEqual(Gives)
  })

  test.each(vectors.tour)('the tour of $Key', (v) => {
    const points = v.X.map((x, i) => ({ x, y: v.Y[i] ?? 0 }))
    const d = distancesOf(points, v.Detour)
    const plan = { budget_percent: v.Percent, moves: v.Moves }
    const { tour, best, budget } = drawRoute(d, plan, fromHex(v.Key))
    const found = { best, budget, tour: Array.from(tour), length: tourLength(d, tour) }
    expect(found).toEqual({ best: v.Best, budget: v.Budget, tour: v.Tour, length: v.Length })
  })

  test.each(vectors.decimal)('$A/$B', ({ A, B, Gives }) => {
    expect(millionths(Number(A), Number(B))).toBe(Gives)
  })
})
