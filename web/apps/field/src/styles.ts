/**
 * The styles of the Vant parts we use, each by itself: the whole sheet is five
 * times the size, and its icon font comes as a data: address, which the server's
 * content policy forbids.
 */
import 'vant/es/style/base.css'
import 'vant/es/button/index.css'
import 'vant/es/loading/index.css'
import 'vant/es/overlay/index.css'
import 'vant/es/popup/index.css'
import 'vant/es/dialog/index.css'
import 'vant/es/image/index.css'
import 'vant/es/image-preview/index.css'
import 'vant/es/progress/index.css'
import 'vant/es/sticky/index.css'
import 'vant/es/swipe/index.css'
import 'vant/es/swipe-item/index.css'
import 'vant/es/tab/index.css'
import 'vant/es/tabs/index.css'
import 'vant/es/toast/index.css'

import './app.css'
