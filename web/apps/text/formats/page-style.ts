/** How an exported page looks, on a screen in light and dark, and on paper. */
export const pageStyle = `
:root{color-scheme:light dark}
body{margin:0;font:17px/1.65 Georgia,'Times New Roman',serif;color:#1d1d1f;background:#fff;overflow-wrap:break-word}
main{max-width:720px;margin:0 auto;padding:48px 24px}
footer{max-width:720px;margin:0 auto;padding:16px 24px 48px;color:#5f6368;font:13px/1.5 system-ui,sans-serif}
h1,h2,h3,h4,h5,h6{font-family:system-ui,sans-serif;line-height:1.25;margin:1.6em 0 .5em}
h1{font-size:2em;margin-top:0}
article{white-space:break-spaces}
p,ul,ol,blockquote,aside,pre,.table{margin:0 0 1em}
p:empty::before{content:'\\200b'}
li>p,li>div>p{margin:0}
[data-loose] li>p,[data-loose] li>div>p{margin:0 0 .6em}
li>ul,li>ol,li>div>ul,li>div>ol{margin:0}
.tasks{list-style:none;padding-left:1.2em}
.tasks>li{display:flex;gap:.5em;align-items:baseline}
.tasks>li>div{flex:1;min-width:0}
blockquote{padding-left:1em;border-left:3px solid #c4c7cc;color:#4a4d52}
aside{padding:.8em 1em;border-left:4px solid #3b6fb6;background:#eef3fa}
aside[data-callout=tip]{border-color:#2f7d4f;background:#edf6f0}
aside[data-callout=warning]{border-color:#a8710b;background:#fbf4e6}
aside[data-callout=danger]{border-color:#b3362b;background:#fbeeed}
aside>:last-child{margin-bottom:0}
pre,code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.88em}
pre{padding:.8em 1em;background:#f4f5f7;overflow-x:auto;white-space:pre-wrap}
code{background:#f4f5f7;padding:.1em .25em}
pre code{padding:0;background:none;font-size:1em}
img{max-width:100%;height:auto;vertical-align:middle}
.picture{display:inline-block;max-width:100%}
.picture-caption{display:block;color:#5f6368;font-size:.88em}
.table{overflow-x:auto}
table{border-collapse:collapse}
td,th{border:1px solid #c4c7cc;padding:.35em .6em;text-align:left;vertical-align:top}
th{background:#f4f5f7}
[align=right]{text-align:right}
[align=center]{text-align:center}
hr{border:0;border-top:1px solid #c4c7cc;margin:2em 0}
a,.doc-link{color:#1f5fb0}
.mention{font-weight:600}
mark{background:#fff0a8;color:#1d1d1f}
@media (prefers-color-scheme:dark){
body{color:#e6e6e8;background:#17181a}
footer,.picture-caption,blockquote{color:#a7abb2}
aside{background:#1d2733}
aside[data-callout=tip]{background:#1b2a21}
aside[data-callout=warning]{background:#2c2617}
aside[data-callout=danger]{background:#2f1e1c}
pre,code,th{background:#222428}
td,th,hr,blockquote{border-color:#44474d}
a,.doc-link{color:#8ab8f0}
}
@page{margin:22mm 20mm}
@media print{
body{font-size:11pt;color:#000;background:#fff}
main{max-width:none;padding:0}
footer{display:none}
h1,h2,h3,h4,h5,h6{break-after:avoid}
pre,aside,img,tr,blockquote{break-inside:avoid}
p,li{orphans:3;widows:3}
a{color:inherit}
}
`.trim();
