// Words that say nothing about a text's subject. They are not indexed as words and not required by a query that has others. Exact
// phrases may contain them, because phrases compare characters.

const WORDS = `
的 了 是 在 和 与 及 或 也 都 就 而 被 把 将 对 从 到 于 为 以 之 其 这 那 你 我 他 她 它 们 着 过 吗 呢 吧 啊 呀 么 得 地 很 会 能 要 让 给
我们 你们 他们 她们 它们 这个 那个 这些 那些 这样 那样 这么 那么 什么 怎么 怎样 如何 为什么 为何 哪些 哪个 哪里 多少 是否 是不是 有没有
可以 可能 应该 能够 已经 正在 还是 还有 但是 因为 所以 如果 虽然 然后 以及 并且 而且 或者 不过 其实 就是 只是 一个 一些 一种 一下 之后 之前
a an the of and or to in on at for by with is are was were be as it its this that from
`

const STOP = new Set(WORDS.split(/\s+/).filter(Boolean))

export const isStopWord = (word: string): boolean => STOP.has(word)
