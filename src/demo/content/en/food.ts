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
        'A coat on a chair has the force of law in {place}',
        '“Until it stops complaining”: how long {dish} takes',
        'The ladle on the wrong hook, and what happened then',
        'They serve {dish} at four in the morning, and everybody comes',
        'A kitchen the size of a wardrobe, and {dish}',
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
        'What to do with {thing}: start a day earlier',
        '{dish}, without hurry and with the lid off',
        'My grandmother’s {dish} says “do not measure”',
        'The case for more {thing}',
        'If it splits, let it: notes on {dish}',
        'Best on the third day, cold, standing up',
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
        'The pigs expect it on Thursdays',
        'By March, only the slope above {place} has good apples',
        'The frosts of {place} are written down in a Bible',
        'Somebody offered to buy the orchard of {place}',
        'What the wasps have begun goes to the press',
      ],
      leads: [
        'The trees are older than the road. {person} knows them by their faults: the one that leans, the one that sulks, the one that is always early.',
        'At the end of the market, where the cobbles slope, {person} sells apples from a table without prices. You say what you are cooking, and are told which you want.',
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
