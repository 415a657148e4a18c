/** Checks the evidence of a report, in one file that works from a disk. */
import '@sansuiji/ui/tokens.css'
import '@sansuiji/ui/verifier.css'
import './look.css'

import { start } from './page'

start(document)
