/** Verifies a draw; as a worker, it does the work of the page. */
import '@sansuiji/ui/tokens.css'
import '@sansuiji/ui/verifier.css'
import './look.css'
import './parts.css'
import './sites.css'

import { start } from './page'
import { serve } from './work'

if (typeof document === 'undefined') serve()
else start(document)
