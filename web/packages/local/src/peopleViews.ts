/** What screens are given of the people drawn at a unit. Times are Unix milliseconds. */
import type { Problem } from '@sansuiji/draw'
import type { Id } from '@sansuiji/protocol'

import type { Household } from './households'
import type { Mode, Opening } from './opening'
import type { RosterFacts } from './rosterRows'
import type { Contact } from './turns'

/** Where the people of a visit stand, in short. */
export interface PeopleSummary {
  /** People to be asked. */
  readonly n: number
  /** On the roster: as its code was told, or as typed so far. */
  readonly listed: number
  readonly told: boolean
  readonly opened: boolean
  /** People who were interviewed. */
  readonly done: number
}

/** All about the people of a visit. */
export interface PeopleView {
  readonly visit: Id
  readonly unit: string
  readonly site: string
  /** People to be asked. */
  readonly n: number
  /** Ways in which the site may be opened. */
  readonly modes: readonly string[]
  readonly roster: RosterView
  /** Null until the code was told. */
  readonly opening: OpeningView | null
  /** Openings of other phones that do not stand and would ask other people. */
  readonly rivals: readonly RivalView[]
  /** Null until the site was opened. */
  readonly turns: TurnsView | null
}

/** The roster, as typed or as told with those who came late. */
export interface RosterView extends RosterFacts {
  /** Sorted by key. */
  readonly people: readonly PersonView[]
}

/** Somebody, or a door, on the roster. */
export interface PersonView {
  readonly key: string
  readonly name: string
  readonly note: string
  readonly late: boolean
}

/** The opening that stands. */
export interface OpeningView {
  readonly code: string
  readonly root: string
  readonly size: number
  readonly official: number | null
  readonly toldAt: number
  readonly toldTo: string | null
  readonly mode: Mode | null
  readonly openedAt: number | null
  readonly throws: Opening['throws']
}

/** Another opening. */
export interface RivalView {
  readonly code: string
  readonly toldAt: number
  readonly inspector: string | null
}

/** How far the asking has come. */
export interface TurnsView {
  readonly done: number
  /** How many of the reserve came in. */
  readonly used: number
  /** People of the reserve whose turn it is not. */
  readonly reserve: number
  /** Who may be asked now, in the order of the draw. */
  readonly now: readonly TurnView[]
  /** Who is finished with. */
  readonly over: readonly TurnView[]
  /** Contacts that do not count, and why. */
  readonly stray: readonly StrayView[]
}

/** Somebody whose turn it is or was. */
export interface TurnView extends PersonView {
  readonly rank: number
  /** Attempts that count. */
  readonly tried: number
  readonly contacts: readonly Contact[]
  readonly household: Household | null
}

/** A contact out of turn. */
export interface StrayView {
  readonly contact: Contact
  readonly problem: Problem
}
