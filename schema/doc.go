// Package schema is the vocabulary of Sansuiji: the words, the ids, the table
// catalogue with its merge rules, the problems a person can meet, and the SQL
// that makes the tables. It imports nothing of ours and does no I/O.
//
// # Glossary
//
// A noun enters here first; code, screens and documents use this word and no
// other for the thing.
//
//   - campaign 核查批次: one inspection round; the unit of consistency. Nothing
//     ever joins two campaigns in one transaction.
//   - unit 被查單位: an organisation that may be inspected.
//   - category 領域: the kind of unit; drives strata and checklists.
//   - frame, stratum 抽樣框、層: the frozen list that a draw is made from; its parts.
//   - draw, certificate 抽取、抽取憑證: one act of chance; the file that proves it.
//   - plan, ceremony 抽取方案、抽取: what is fixed and published before chance has its
//     say; the steps from the plan to the certificate.
//   - commitment of a secret 承諾, throw 擲骰, reveal 揭開: the hash that was published,
//     the public dice, the secret when it is opened.
//   - reserve 備選: the ordered rest of a draw, used with a recorded reason.
//   - recusal 回避: who must not go where.
//   - site 抽訪點: a unit as a place where people are drawn, with a key of its own.
//   - roster 名冊, roster code 名冊碼: who can be drawn at a site; twelve letters that stand
//     for it, told to somebody else before the key is opened.
//   - unlock code 開啟碼: what opens a site's sealed key; the duty desk 值班席 tells it, or it
//     comes in an envelope 信封.
//   - opening 名冊開啟: the roster as its code was told, and the key that was then opened.
//   - contact 訪談接觸: one attempt to ask somebody, with its result.
//   - household 戶內抽取: the choice of one of the people behind a door.
//   - mirror 見證備份: the head of a phone's chain, kept by another phone.
//   - team, inspector, team member 核查組、核查人員、組員: who goes.
//   - visit 實地核查: one team at one unit.
//   - problem 問題清單條目: a known problem a unit was told to fix; its source
//     is 自己找 (self), 上級點 (superior) or 群眾提 (public).
//   - ledger entry 整改臺賬: measures, responsible person, deadline, progress and
//     close-out 銷號 of a problem. A step 步驟 is part of its way 施工圖; an act 臺賬記錄 is what
//     somebody did about it; evidence 整改佐證 is what the responsible unit shows.
//   - commitment 書記項目: a project the unit's secretary promised.
//   - verification 查驗: what the team saw about one problem or commitment.
//   - finding 發現: an achievement or a new problem recorded on the spot.
//   - comment 批注: a remark on a finding.
//   - conclusion 歸納問題: what headquarters points out in the end, a common problem 共性 of
//     several findings or an individual one 個性. A topic 問題類別 is what a finding is about.
//   - criterion 測評指標, mark 評分: what a unit is scored by; what somebody gives it.
//   - ballot box 票箱, ticket 測評票, ballot 選票: a vote in a hall; what lets somebody vote once;
//     the vote, which nobody can tell the voter of.
//   - unsealing 密件開啟: who asked to open a sealed interview, why, and who else agreed.
//   - audit 審計日誌: what people at headquarters did beside changing rows, each line bound to
//     the one before.
//   - question 題目, answer 答題: what is asked of every unit, or of a category; what the
//     team found.
//   - interview 訪談: a talk with a person; what was said is sealed 密封 to headquarters'
//     key, and only agreed marks stay readable.
//   - sign-off 簽認: the unit's representative has read what was found.
//   - evidence file 證據包: a report with all that it rests on, checked without the server; not
//     the table evidence.
//   - attachment 佐證: a photo, sound or signature; named by the SHA-256 of its bytes.
//   - marks 標注: arrows, boxes and words over a photo, which stays as it is.
//   - review 審核: one decision of headquarters about a row or a cell.
//   - device 設備: one installation of the field app with its own key; the
//     headquarters server is a device too.
//   - entry 變更條目: one device transaction: a SQLite changeset with its place
//     in the device's signed chain.
//   - history 歷史: all entries of a campaign in the order headquarters
//     accepted them. A position is a place in it.
//   - log 透明日誌: the history as a Merkle tree, see syncengine/translog.
//   - checkpoint 檢查點: headquarters' signature over a state of the log.
//   - seal 設備簽名: a device's signature over the head of its chain.
//   - page 簽頁: headquarters' signature over the lines of a history file so far.
//   - epoch 紀元: one unbroken life of headquarters' state; a restored backup
//     starts another.
//   - revision 修訂號: a campaign-wide number that rises with each changed row.
//   - scope 範圍: which rows a device holds: the shared rows of the campaign,
//     or those of one team.
//   - clock 時鐘: a hybrid logical time, see syncengine/clock.
//   - stamp 戳記: who wrote a cell, at which revision and clock.
//   - conflict 衝突: writes of different values in one cell, none of whose
//     authors had seen the others.
//   - held 暫掛: an entry that waits for a row which has not arrived.
//   - quarantine 待處理: entries headquarters could not merge as they are; kept
//     whole, a person decides.
//   - aside 另存: bytes that are no valid next entry of a chain (a fork, a bad
//     signature); kept whole for inspection.
//   - life, script 模擬、劇本: one simulated course of a campaign, and the text that
//     makes it happen again. Who acts in it is an actor; what goes wrong is a
//     mishap 意外; what looks at the end is an oracle. See syncengine/sim.
//   - import 導入: a table of an office taken in; a kind 類別 says of what, a field 欄目 is what
//     a column can be, a mistake 錯處 is why a cell cannot be taken.
//   - receipt 回執: headquarters' answer to a push, entry by entry.
//   - problem document 問題說明: what went wrong and what to do, in the person's
//     language (RFC 9457). Not to be confused with a problem of a unit; code
//     calls the former Fault.
package schema
