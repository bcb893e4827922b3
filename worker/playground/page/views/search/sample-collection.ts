/** A collection to try things on: short notes on eight topics, written for this page. */
import type { NewDocument } from "./new-documents.ts";

export const sampleName = "sample-notes";

export const sampleSettings = {
  name: sampleName,
  fields: { topic: "string", year: "number", outdoors: "boolean" },
} as const;

/** By topic: whether it is about something outdoors, and notes with their years. */
const notes: Readonly<Record<string, readonly [boolean, readonly (readonly [number, string])[]]>> = {
  horses: [
    true,
    [
      [
        2016,
        "The old mare waits at the gate whenever it rains, and trots to the stable as soon as somebody opens it.",
      ],
      [
        2018,
        "A pony that is afraid of puddles can learn to cross them: lead it through shallow water every day.",
      ],
      [
        2019,
        "We rode along the beach at low tide, and the horses galloped as if they had never seen so much sky.",
      ],
      [2020, "After a wet night, check the hooves for stones and dry the legs before you saddle up."],
      [2021, "The foal was born in the field during a thunderstorm and stood on its feet within the hour."],
      [2022, "Donkeys make calm companions for a nervous stallion."],
      [2023, "Hay that smells of mould makes horses cough; soak it or throw it away."],
      [2024, "Riding lessons for beginners start on the lunge, with neither reins nor stirrups."],
    ],
  ],
  weather: [
    true,
    [
      [2015, "Fog filled the valley all morning, and only the church tower stood above it."],
      [2017, "The storm took down two oaks and left the village without power until Sunday."],
      [2018, "Warm air that rises over a cold front brings the heaviest rain."],
      [2019, "First snow in October: the passes were closed before anyone had put on winter tyres."],
      [2021, "A falling barometer and high thin clouds mean that the weather will turn within a day."],
      [2022, "Forty degrees in the shade, and the river was so low that one could walk to the island."],
      [2023, "Hail the size of walnuts broke every pane of the greenhouse."],
      [2025, "The forecast said drizzle; it poured for three days."],
    ],
  ],
  baking: [
    false,
    [
      [2015, "Let the dough rest overnight in a cool place: slow rising gives bread its taste."],
      [2017, "A pizza stone has to heat for an hour before the first pizza goes onto it."],
      [2018, "Croissants fail when the butter melts into the dough, so keep everything cold."],
      [2020, "Feed the sourdough starter with equal weights of flour and water twice a day."],
      [2021, "Rye flour holds more water than wheat, and its loaves stay fresh for a week."],
      [2022, "Whisk the egg whites until they stand in peaks, then fold them into the cake batter."],
      [2023, "If the crust is dark and the crumb still wet, the oven was too hot."],
      [2024, "Cinnamon rolls for breakfast: prepare them in the evening, bake them before anyone wakes."],
    ],
  ],
  money: [
    false,
    [
      [2016, "The central bank raised interest rates, and mortgages became dearer within a week."],
      [2017, "Investors sold shares of banks after the merger had failed."],
      [2019, "Put three months of wages aside before you buy a single share."],
      [2020, "The stock market lost a tenth of its value in one afternoon and won it back by Friday."],
      [2021, "Inflation eats savings that earn less than prices rise."],
      [2022, "A cheap index fund beats most managers who try to pick winners."],
      [2023, "The euro fell against the dollar for the fifth day running."],
      [2025, "Pay the credit card first: no other debt costs as much."],
    ],
  ],
  space: [
    true,
    [
      [2015, "Through binoculars one can see four moons of Jupiter move from night to night."],
      [2016, "The rocket's first stage landed on a ship, upright, eight minutes after the launch."],
      [2018, "Light from that galaxy left it before there were people to see it."],
      [2019, "The rover drilled into Martian rock and found traces of an ancient lake."],
      [2021, "Astronauts lose bone in weightlessness unless they exercise for two hours a day."],
      [2022, "The telescope's mirrors unfolded a million miles from home."],
      [2023, "A total eclipse lasts a few minutes; the birds fall silent, and the temperature drops."],
      [2024, "Old satellites burn up over the Pacific, far from any ship."],
    ],
  ],
  programming: [
    false,
    [
      [2016, "Cache what is read often and seldom changes, and decide beforehand how it becomes invalid."],
      [2018, "The bug was a race: two threads wrote to the same buffer without a lock."],
      [2019, "Name a function after what it gives back, not after how it works."],
      [2020, "A test that never fails tests nothing; break the code once and watch."],
      [2021, "Unicode has several ways to write the same letter, so normalize before you compare."],
      [2022, "The query took nine seconds until somebody added an index."],
      [2023, "Ship small changes: a deployment that can be rolled back needs no courage."],
      [
        2025,
        "Vectors of similar sentences point in similar directions; that is all there is to semantic search.",
      ],
    ],
  ],
  garden: [
    true,
    [
      [2015, "Plant tulips in autumn, three times as deep as the bulb is high."],
      [2017, "Tomatoes want sun, a stake to climb and no water on their leaves."],
      [2018, "Slugs come at dusk: collect them then, or plant what they dislike."],
      [2020, "A compost heap needs air, so turn it whenever it starts to smell."],
      [2021, "Cut roses above a bud that points outwards."],
      [2022, "Clover between the rows feeds the soil and the bees."],
      [2023, "The apple tree bore so much fruit that a branch broke."],
      [2024, "Water in the early morning, before the heat, and less often but deeply."],
    ],
  ],
  health: [
    false,
    [
      [2016, "Sleep loses its depth when the room is warm and the telephone lies next to the pillow."],
      [2017, "A runner's knee mostly comes from doing too much too soon."],
      [2018, "The doctor listened to the lungs and sent him home with rest and tea."],
      [2020, "Wash your hands for as long as it takes to hum a song twice."],
      [2021, "Two vaccinations protect better than one, even if they are months apart."],
      [2022, "Short walks after meals keep blood sugar from rising quickly."],
      [2023, "Stretching before a race does not prevent injuries; warming up does."],
      [2025, "Headaches at the desk often begin in the neck and shoulders."],
    ],
  ],
};

export const sampleDocuments: readonly NewDocument[] = Object.entries(notes).flatMap(
  ([topic, [outdoors, texts]]) =>
    texts.map(([year, text], i) => ({ id: `${topic}-${i + 1}`, text, metadata: { topic, year, outdoors } })),
);
