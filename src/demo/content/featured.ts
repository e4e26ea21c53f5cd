// Two articles that are pinned above the recommended channel, one in each language: what a stranger reads first.

export interface Featured {
  channel: string
  tag: string
  title: string
  keywords: readonly string[]
  /** Of the cover, then of the text. */
  pictures: readonly [cover: string, text: string]
  /** HTML; `{picture}` is the path of the picture in the text. */
  html: string
}

export const FEATURED: readonly Featured[] = [
  {
    channel: '科技',
    tag: '推荐',
    title: '一张报纸，怎样慢慢认识它的读者',
    keywords: ['推荐', '隐私', '报纸'],
    pictures: ['books', 'telescope'],
    html: `<p>从前送报的人认识每一扇门。他知道三楼的先生只看体育版，五楼的老太太要把讣告留到最后，街角的孩子等着连载。他从不解释自己怎么知道的，也没有人问，因为一切都发生在大家眼前：报纸递到手里，你翻到哪一页，他看得见，你也看得见他看得见。</p>
<p>今天替我们挑选文章的，大多是看不见的机器。它们知道得更多，却很少开口。这份报纸想试试另一种做法：机器照样挑，但挑完要说出理由，说错了你可以纠正它，而这一切都发生在你自己的服务器上。</p>
<h2>第一页从哪里来</h2>
<p>第一次打开时，它对你一无所知。于是它先铺开一张尽量宽的桌子：刚刚发布的，最近很多人在读的，还有几乎没有人见过、需要有人先看一眼的。你点开一篇，停留一会儿，它就多知道了一点；你飞快划过，它也会记下来，只是记得轻一些。</p>
<p>每一页的十篇文章，都是从几百篇候选里一步一步选出来的。先去掉你读过的、屏蔽的、说过不感兴趣的，再给剩下的打分，最后排一排座次：同一位作者不能连着出现，同一个频道也不能占满一页。</p>
<p><img src="{picture}" alt="山坡上的一架望远镜"></p>
<h2>问它为什么</h2>
<p>每张卡片的右下角有三个点，里面有一行“为什么看到它”。它会告诉你这篇文章从哪里来，什么给它加了分，什么给它减了分。想看数字的话，数字也在，一个乘号接着一个乘号，没有藏起来的那一项。</p>
<blockquote>一个推荐如果说不出理由，就不该要求别人相信它。</blockquote>
<p>如果理由不合你的意，改掉它就好。不感兴趣的，点一下，下一页就少；不想再见到的作者、频道，甚至某一个词，都可以关上。关上的东西都列在“我的”里，随时能打开，不需要跟谁解释。</p>
<h2>不必一直读下去</h2>
<p>这里也有尽头。读到底的时候，页面会说“到底了，今天就读到这里”，然后真的停下。我们觉得，一份好报纸应该有读完的时候，就像送报的人说完早安，总要去敲下一扇门。</p>
<p>这个世界里的城市、球队和饭馆都是编出来的，作者们也是。你可以放心地给他们点赞、留言、关注，也可以一句话把他们全部请走，换上你自己的文章。那时候，它要认识的就是你的读者了。</p>`,
  },
  {
    channel: 'Science',
    tag: 'Reading',
    title: 'How a newspaper gets to know its reader',
    keywords: ['Reading', 'recommendation', 'privacy'],
    pictures: ['books', 'telescope'],
    html: `<p>The boy who used to bring the paper knew every door. The man on the third floor turned straight to the football. The widow on the fifth saved the obituaries for last. He never said how he knew, and nobody asked, because it all took place in the open: he saw which page you opened, and you saw him see it.</p>
<p>What chooses our reading now is mostly out of sight. It knows a great deal more than the boy did, and says a great deal less. This paper tries another way. A machine chooses here as well, but it has to give its reasons; you may tell it that it is wrong; and all of it happens on a server of your own.</p>
<h2>Where the first page comes from</h2>
<p>When you arrive it knows nothing about you, so it lays a wide table: what has just been published, what many people are reading, and a few pieces that hardly anyone has seen and somebody ought to try. Open one and stay a while, and it knows a little more. Scroll past, and it notes that too, in a lighter pencil.</p>
<p>Each page of ten is chosen from some hundreds in small steps. What you have read, blocked or declined is taken out. The rest is given a score. Then comes the seating plan: no author twice in a row, and no channel that fills the table.</p>
<p><img src="{picture}" alt="A telescope on a hill"></p>
<h2>Ask it why</h2>
<p>In the corner of each card are three dots, and behind them stands “Why this?”. It tells you where the story came from, what raised it and what held it back. If you like numbers, they are there as well, one multiplied by the next, and none is left out.</p>
<blockquote>A recommendation that cannot give its reasons has no business asking for your trust.</blockquote>
<p>If you do not care for the reasons, change them. Say that you are not interested, and the next page has less of it. Mute an author, a channel, even a single word. Everything that you have turned off is listed under your name and can be turned on again, with no explanation owed to anybody.</p>
<h2>It ends</h2>
<p>There is a last page. When you reach it, it says that you have read it all, and wishes you a pleasant rest of the day. We think that a good paper ought to let you finish. The boy, too, said good morning and went on to the next door.</p>
<p>The towns, teams and kitchens of this world are invented, and so are its authors. Like them, argue with them, follow them; one command sends them all home and makes room for stories of your own. From then on it is your readers that it will get to know.</p>`,
  },
]
