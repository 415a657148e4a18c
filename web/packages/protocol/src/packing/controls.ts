/** Every cell has one control byte. docs/PROTOCOL.md lists what they say. */

/** Integers: the kind of prediction times this, and the class of the difference. */
export const integerClasses = 65
export const integerNull = 3 * integerClasses
export const integerOther = integerNull + 1

/** Texts and bytes: classes of the coded length, of the plain length, these, then choices. */
export const textPlain = 26
export const textNull = 2 * textPlain
export const textOther = textNull + 1
export const textLast = textNull + 2
export const textOld = textNull + 3
export const textEdit = textNull + 4
export const textChoice = 64
export const choicesMax = 256 - textChoice

/** Ids: these, then classes of times of version 7, then of places in the list of ids. */
export const millisBits = 48
export const idNull = 0
export const idOther = 1
export const idLast = 2
export const idWhole = 3
export const idNatural = 4
export const idByWall = 5
export const idByLast = idByWall + millisBits + 1
export const idKnown = idByLast + millisBits + 1
export const idEnd = idKnown + 33

/** How many bits another prediction may save and still not be worth the change. */
export const hardly = 2

/** How many bytes an edit must share with the old value. */
export const editMin = 9

/** The flags of a shape of changes, and how many they are. */
export const shapeUpdate = 1
export const shapeIndirect = 2
export const shapeHeader = 4
export const shapeFlags = 3n
export const shapesMax = 255

/** The flags of an entry. */
export const entryClock = 1
export const entryEpoch = 2
export const entryRevision = 4
export const entryHeads = 8
export const entrySchema = 16
export const entryRaw = 32
export const entryChanges = 64

/** The flags of a run. */
export const runBefore = 1
export const runControl = 2
export const runText = 4
export const runChanges = 8
export const runSchema = 16

/** The first byte of a packed run. */
export const formatVersion = 1
