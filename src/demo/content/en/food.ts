import type { Topic } from '../topic.ts'

export const foodEn: Topic = {
  channel: '美食',
  beat: 'Food',
  language: 'en',
  keywords: ['dish', 'thing'],
  pictures: ['bowl', 'market', 'loaf', 'basket'],
  words: {
    dish: ['leek pie', 'barley soup', 'smoked trout', 'plum dumplings', 'onion tart', 'pepper stew', 'rhubarb crumble'],
    thing: ['salt', 'old bread', 'wild garlic', 'buttermilk', 'windfall apples', 'nettles', 'anchovies'],
  },
  stories: [
    {
      tag: 'Restaurants',
      picture: 'bowl',
      titles: [
        'One table, one dish: {person} only cooks {dish}',
        'The canteen of {place} hires a chef and keeps the cook',
        'Twelve stools at the harbour, and {dish} until it is gone',
        'The menu has not changed since {year}. The cook has',
        'A waiter’s guide to people who say they are not hungry',
        'They serve {dish} at four in the morning, and everybody comes',
      ],
      leads: [
        'There is no menu. You sit down, {person} looks at you, and you get {dish}. If you are very tired, you get it with an egg.',
        'By four in the morning {place} belongs to bakers, nurses and taxi drivers. They meet over {dish}, and hardly speak.',
      ],
      body: [
        'The kitchen is the size of a wardrobe. Everything in it has been moved by two fingers, over years, to where the hand goes anyway. A visiting cook once put the ladle back on the wrong hook, and service stopped.',
        'The recipe is no secret; it hangs by the till. What it does not say is how long. “Until it stops complaining” is the nearest anyone has got.',
        'Bookings are not taken. You may leave your coat on a chair, which in {place} has the force of law, and come back when it is warm.',
      ],
    },
    {
      tag: 'Recipes',
      picture: 'basket',
      titles: [
        'What to do with {thing}: {n:5-9} answers from a small kitchen',
        '{dish}, without hurry and with the lid off',
        'My grandmother’s {dish} had a mistake in it. I miss the mistake',
        'The case for more {thing}',
        'A supper for one that is worth laying the table for',
        'Burn the onions: advice I resisted for years',
      ],
      leads: [
        'In the drawer under the phone I found a card in her writing: {dish}, and beside it, underlined twice, “do not measure”.',
        'Most advice about {thing} is too careful. Take twice as much, and start a day earlier.',
      ],
      body: [
        'Begin with a heavy pan and something to read. The first half hour is not cooking at all, it is waiting with a spoon. When the kitchen smells like somebody else’s, add the liquid.',
        'If it splits, let it. Stir, pour in a little cold, and call it rustic. I have served it to two people with firm opinions, and both asked for the bowl.',
        'It is better on the second day and best on the third, cold, standing up, with the fridge door open. There is a scientific reason for that, and I hope never to learn it.',
      ],
    },
    {
      tag: 'Growers',
      picture: 'market',
      titles: [
        'The orchard of {place} has {n:30-190} kinds of apple and one pair of shears',
        'A miller, a river, and flour that tastes of Tuesday',
        'Last stall on the left: where {place} buys its {thing}',
        'The cheese that was an accident, twice',
        'They replanted a field with what grew there in 1902',
        'Bees on the roof of the town hall, and what they found',
      ],
      leads: [
        'The trees are older than the road. {person} knows them by their faults: the one that leans, the one that sulks, the one that is always early.',
        'At the end of the market, where the cobbles slope, stands a table without prices. You say what you are cooking, and are told what it costs.',
      ],
      body: [
        'Nothing is sprayed and little is thrown away. What the wasps have begun goes to the press; what the press leaves goes to the pigs, who have come to expect it on Thursdays.',
        'The old varieties crop badly and keep well. By March, when the shops have only the shiny ones, people remember the slope and come up with baskets.',
        'Somebody has offered to buy the land. {person} took out the last page of the family Bible, where the frosts are written down, and asked whether they would keep that up.',
      ],
    },
  ],
  quotes: [
    '“Hunger is easy. It is appetite that takes work,” said {person2}.',
    '“Cook it as if nobody were coming. Then open the door.”',
    '“Salt is a conversation. You cannot have it at the end.”',
  ],
  closings: [
    'The table at the end of the market is there on Wednesdays, weather or not.',
    'There was a little {dish} left. We were given it in a jar.',
  ],
  creators: [
    ['Ladle', 'Eats first, asks later.'],
    ['Crumb', 'Bread, mostly. Also butter.'],
  ],
}
