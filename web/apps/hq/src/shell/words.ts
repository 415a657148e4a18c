/** Words of the frame around the screens. */
export const zh = {
  nav: {
    title: '主導航',
    overview: '概況',
    findings: '發現審核',
    conflicts: '衝突',
    quarantine: '待處理',
    attachments: '佐證',
    draws: '抽取',
    sites: '訪談',
    desk: '值班席',
    envelopes: '開啟碼信封',
    devices: '設備登記',
    waiting: '{count} 項待辦',
  },
  shell: {
    campaign: '核查批次',
    account: '賬號',
    logout: '退出登錄',
    skip: '跳到內容',
    noCampaign: '還沒有核查批次',
    role: {
      admin: '管理員',
      organiser: '組織人員',
      reviewer: '審核人員',
      leader: '領導',
      auditor: '審計人員',
    },
  },
}

export const en: typeof zh = {
  nav: {
    title: 'Main',
    overview: 'Overview',
    findings: 'Findings',
    conflicts: 'Conflicts',
    quarantine: 'Quarantine',
    attachments: 'Attachments',
    draws: 'Draws',
    sites: 'Interviews',
    desk: 'Duty desk',
    envelopes: 'Envelopes',
    devices: 'Devices',
    waiting: '{count} waiting',
  },
  shell: {
    campaign: 'Campaign',
    account: 'Account',
    logout: 'Sign out',
    skip: 'Skip to content',
    noCampaign: 'There is no campaign yet',
    role: {
      admin: 'Administrator',
      organiser: 'Organiser',
      reviewer: 'Reviewer',
      leader: 'Leader',
      auditor: 'Auditor',
    },
  },
}
