/** Where files are downloaded. */
import type { Language } from '@sansuiji/protocol'

const campaignAddress = (campaign: string): string => `/api/hq/campaigns/${campaign}`

/** A file of a ceremony. */
export function drawFile(campaign: string, draw: string, name: string): string {
  return `${campaignAddress(campaign)}/draws/${draw}/${name}`
}

/** All ceremonies of a campaign. */
export function drawLog(campaign: string): string {
  return `${campaignAddress(campaign)}/ceremonies.jsonl`
}

/** A file of a site. */
export function siteFile(campaign: string, site: string, name: string): string {
  return `${campaignAddress(campaign)}/sites/${site}/${name}`
}

/** The bytes of an attachment. */
export function photoFile(campaign: string, hash: string): string {
  return `${campaignAddress(campaign)}/photos/${hash}`
}

/** A small picture of an attachment. */
export function smallPhotoFile(campaign: string, hash: string): string {
  return `${photoFile(campaign, hash)}/small`
}

/** A file that was shown for a ledger entry. */
export function evidenceFile(campaign: string, entry: string, evidence: string): string {
  return `${campaignAddress(campaign)}/ledger/${entry}/evidence/${evidence}`
}

/** A small picture of it. */
export function smallEvidenceFile(campaign: string, entry: string, evidence: string): string {
  return `${evidenceFile(campaign, entry, evidence)}/small`
}

/** A document that was made. */
export function reportFile(campaign: string, report: string): string {
  return `${campaignAddress(campaign)}/reports/${report}/file`
}

/** A version of a template, as it was brought. */
export function templateFile(campaign: string, template: string, version: number): string {
  return `${campaignAddress(campaign)}/templates/${template}/${version}/file`
}

/** What one begins a template with: the program's own, or all that it can name. */
export function templateHelp(
  kind: string,
  what: 'standard' | 'places',
  language: Language,
): string {
  return `/api/hq/template-kinds/${kind}/${what}.docx?lang=${language}`
}

/** The program that verifies anywhere, in one file. */
export const verifier = '/verify.html'
