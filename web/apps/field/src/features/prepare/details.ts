/** What each item of the list says, in words. */
import { clockOffMax, type BrowserFacts, type ReadyFacts, type ReadyName } from '@sansuiji/local'

import type { Speech } from '../../parts/language'

/** What the words are made of. */
export interface Detail {
  readonly facts: ReadyFacts
  readonly browser: BrowserFacts
  readonly good: boolean
  readonly speech: Pick<Speech, 't' | 'choice' | 'moment' | 'language'>
}

/** The line under an item's name. */
export function detailOf(name: ReadyName, detail: Detail): string {
  const { t, language } = detail.speech
  const words = parts(name, detail)
  if (!detail.facts.complete && ['visits', 'lists', 'questions', 'people'].includes(name)) {
    words.push(t('prepare.detail.incomplete'))
  }
  return words.join(language.value === 'zh' ? '；' : '; ')
}

function parts(name: ReadyName, { facts, browser, good, speech }: Detail): string[] {
  const { t, moment } = speech
  const say = (key: string, values?: Record<string, unknown>) => t(`prepare.detail.${key}`, values)
  switch (name) {
    case 'visits':
      if (facts.visits === 0) return [say('visitsNone')]
      return [
        say('visits', { n: facts.visits }),
        ...(facts.unitsMissing > 0 ? [say('unitsMissing', { n: facts.unitsMissing })] : []),
      ]
    case 'lists': {
      const { problems, ledgerEntries: ledger, commitments, unitsUnlisted: n } = facts
      const all = say('lists', { problems, ledger, commitments })
      return n > 0 ? [all, say('unlisted', { n })] : [all]
    }
    case 'questions':
      return [say('questions', { n: facts.questionsCommon }), byCategory(facts, speech)]
    case 'people':
      return [say('people', { n: facts.sites, usable: facts.sitesUsable })]
    case 'app':
      return [say(good ? 'appGood' : 'appBad')]
    case 'storage':
      return [say(good ? 'storageGood' : 'storageBad')]
    case 'space':
      if (browser.freeBytes === undefined) return [say('spaceUnknown')]
      return [say('space', { size: sayBytes(browser.freeBytes) })]
    case 'sync':
      return syncWords(facts, say, moment)
    case 'clock':
      return [clockWords(facts, good, say, moment)]
    case 'unsent':
      return [
        facts.waiting > 0 ? say('unsent', { n: facts.waiting }) : say('unsentNone'),
        ...(facts.pending > 0 ? [say('pending', { n: facts.pending })] : []),
      ]
  }
}

type Say = (key: string, values?: Record<string, unknown>) => string

function byCategory({ categories }: ReadyFacts, { t, choice, language }: Detail['speech']): string {
  return categories
    .map(({ category, questions }) =>
      t('prepare.detail.category', {
        category: choice('unit', 'category', category),
        n: questions,
      }),
    )
    .join(language.value === 'zh' ? '、' : ', ')
}

function syncWords(facts: ReadyFacts, say: Say, moment: Speech['moment']): string[] {
  const { syncedAt, syncFailed, checkpointAt } = facts
  if (syncedAt === null) return [say('never')]
  return [
    say(syncFailed ? 'syncFailed' : 'sync', { when: moment(syncedAt) }),
    checkpointAt === null ? say('noCheckpoint') : say('checkpoint', { when: moment(checkpointAt) }),
  ]
}

function clockWords(
  { serverAheadMs, contactAt }: ReadyFacts,
  good: boolean,
  say: Say,
  moment: Speech['moment'],
): string {
  const off = Math.abs(serverAheadMs)
  if (off > clockOffMax) return say('clockOff', { n: Math.round(off / 60_000) })
  if (!good && contactAt !== null) return say('clockOld', { when: moment(contactAt) })
  return contactAt === null ? say('never') : say('clock', { n: Math.round(off / 1000) })
}

/** A size in megabytes, or gigabytes from one on. */
export function sayBytes(bytes: number): string {
  const megabytes = bytes / 1e6
  return megabytes < 1000 ? `${megabytes.toFixed(0)} MB` : `${(megabytes / 1000).toFixed(1)} GB`
}
