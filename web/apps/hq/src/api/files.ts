/** Where files are downloaded. */

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

/** The program that verifies anywhere, in one file. */
export const verifier = '/verify.html'
