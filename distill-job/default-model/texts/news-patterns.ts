/** The forms that headlines and the first sentences of news have: what stands in braces is filled in. */

/** One form a line. */
export const newsPatterns: readonly string[] = `
at least {n} killed in {country} {disaster}
{n} dead, {n} injured after {disaster} near {capital}
{disaster} kills {n} in {place}
{disaster} in {country} kills at least {n} people
death toll from {country} {disaster} rises to {n}
{nationality} police arrest {n} over {crime}
bomb attack in {capital} kills {n}, wounds {n}
suicide bomber kills {n} in {country}
gunmen kill {n} in attack on {nationality} {building}
{n} killed as {vehicle} crashes in {place}
{vehicle} carrying {n} people crashes in {country}
rescuers search for {n} missing after {disaster} in {place}
{disaster} hits {country}, thousands flee homes
{disaster} shakes {country}; no injuries reported
{country} declares state of emergency after {disaster}
{n} {nationality} soldiers killed in {place}
{nationality} troops clash with rebels in {place}
US drone strike kills {n} suspected militants in {country}
air strike on {capital} kills {n} civilians
militants attack {building} in {capital}
{leader} says {country} will not {take} {topic}
{leader} vows to {take} {topic}
{leader} calls for end to {topic}
{leader} meets {leader} in {capital}
{leader} resigns amid {topic} scandal
{leader} wins {nationality} election
{leader} arrives in {capital} for talks on {topic}
{leader} sworn in as {nationality} president
{leader} in hospital after {event}
{leader} denies {crime} charges
{country} and {country} agree to hold talks on {topic}
{country} rejects {country} call for {topic}
{country} warns {country} over {topic}
{country} accuses {country} of {crime}
{country} to {take} {topic} by {year}
{country} votes in {topic} referendum
{country} signs {topic} deal with {country}
{country} expels {nationality} diplomats
{country} closes embassy in {capital}
{country} launches {topic} probe
{country} tests missile despite warnings
{nationality} parliament passes {topic} bill
{nationality} court jails {person} for {crime}
{nationality} opposition leader arrested in {capital}
{nationality} president {goes} as {topic} talks begin
{nationality} minister quits over {topic}
{nationality} economy shrinks {pct} percent in {quarter} quarter
thousands protest in {capital} against {topic}
{n} arrested in {capital} protests
UN condemns {crime} in {country}
UN Security Council to vote on {country} {topic}
EU leaders discuss {topic} in {capital}
US, {country} to hold {topic} talks
NATO says {n} troops killed in {country}
White House: {topic} is {adjective}
Obama urges {country} to {take} {topic}
Senate votes to {take} {topic}
Supreme Court to hear {topic} case
{company} shares rise {pct} percent on {topic}
{company} reports {quarter}-quarter profit of \${money}
{company} profit falls {pct} percent
{company} to cut {n} jobs in {country}
{company} to buy {company} for \${money}
{company} unveils new {thing}
{company} recalls {n} {vehicle}s over {thing} problem
{company} sued over {topic}
{company} chief executive {surname} to step down
stocks fall as {topic} fears grow
shares of {company} fell {cents} cents to \${price} on the New York Stock Exchange
{company} stock closed at \${price}, up {cents} cents, or {pct} percent
the Dow Jones industrial average rose {points} points, or {pct} percent, to {value}
the Nasdaq composite index fell {points} points, or {pct} percent, to {value}
the Standard & Poor's 500 index gained {points} points, or {pct} percent
revenue in the {quarter} quarter rose {pct} percent to \${money}
net income was \${money}, or {cents} cents a share, compared with \${money} a year earlier
oil prices {moved} {pct} percent to \${price} a barrel
the {currency} {moved} against the dollar on {day}
{country} beat {country} {score} in World Cup qualifier
{surname} wins {sport} final in {capital}
{surname} beats {surname} to reach {sport} final
{nationality} {sport} team names new coach
{surname} leads {country} to {score} win
{person} found guilty of {crime}
{surname} was sentenced to {n} years in prison for {crime}
{surname} pleads not guilty to {crime}
{surname} charged with {crime} in {place}
police say {person} shot dead in {place}
police found the {thing} in a {building} in {place} on {day}
a {nationality} {person} was killed and {n} others were wounded in {place} on {day}
{surname}, {n}, died in {place} on {day}
former {nationality} {person} {surname} dies at {n}
prosecutors said {surname} {took} the {thing} in {month}
scientists find {adjective} {animal} in {place}
study links {topic} to {topic}
researchers say {topic} may {take} {topic}
health officials confirm {n} cases of {disease} in {country}
{disease} outbreak kills {n} in {country}
{n} percent of {nationality} {person}s {take} {topic}, survey says
"{topic} is {adjective}," {surname} said in a statement
{surname} said {topic} would {take} the {thing}
{leader} said on {day} that {topic} was {adjective}
{surname} told reporters in {capital} that the {person} {took} {topic}
the {person} said {day} it will {take} the {adjective} {thing} in {month}
the {person}, who {took} the {thing}, was not {adjective}, officials said
the government said {topic} had {moved} by {pct} percent in {month}
the {nationality} government plans to {take} {n} {thing}s by {year}
{surname} and {surname} {take} {topic} in {place}
{org} leader {surname} killed in {place}
{org} claims responsibility for {capital} attack
{org} wins {n} seats in {nationality} parliament
{org} rejects {topic} plan
{place} {person} {takes} {topic}
{person} {takes} {n} {thing}s in {place}
{n} {person}s {take} {topic} in {place}
{word} {word} {takes} {topic}
{word} and {word} in {place}
{word}: {topic} in {country}
what {word} means for {topic}
{word} {person} {takes} {word}
{word}, {word} and {word}
`
  .trim()
  .split("\n");

/** What there is to choose from for names in braces that neither WordNet nor the Factbook has words for. */
export const newsWords = {
  disaster: [
    "earthquake",
    "flood",
    "storm",
    "typhoon",
    "hurricane",
    "tornado",
    "landslide",
    "bomb blast",
    "explosion",
    "car bombing",
    "fire",
    "avalanche",
    "shooting",
    "clashes",
    "air raid",
    "plane crash",
    "bus crash",
    "train crash",
    "ferry sinking",
    "factory fire",
    "building collapse",
    "mine blast",
    "rocket attack",
    "riot",
    "heat wave",
    "drought",
  ],
  crime: [
    "murder",
    "fraud",
    "corruption",
    "kidnapping",
    "bribery",
    "spying",
    "treason",
    "rape",
    "assault",
    "money laundering",
    "drug smuggling",
    "human rights abuses",
    "terrorism",
    "theft",
    "tax evasion",
    "war crimes",
    "hacking",
    "perjury",
    "manslaughter",
    "genocide",
  ],
  vehicle: [
    "plane",
    "bus",
    "train",
    "car",
    "truck",
    "boat",
    "ferry",
    "helicopter",
    "ship",
    "motorcycle",
    "tanker",
    "jet",
  ],
  disease: [
    "Ebola",
    "bird flu",
    "cholera",
    "measles",
    "polio",
    "malaria",
    "HIV",
    "swine flu",
    "hepatitis",
    "diabetes",
    "cancer",
    "tuberculosis",
    "SARS",
    "West Nile virus",
    "mad cow disease",
  ],
  sport: [
    "tennis",
    "golf",
    "football",
    "cricket",
    "rugby",
    "swimming",
    "basketball",
    "hockey",
    "baseball",
    "boxing",
    "cycling",
    "soccer",
  ],
  day: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
  month: [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ],
  quarter: ["first", "second", "third", "fourth"],
  moved: ["rose", "fell", "dropped", "gained", "climbed", "slipped", "jumped", "declined", "surged", "slid"],
  currency: ["euro", "yen", "pound", "yuan", "rupee", "ruble", "franc"],
  number: [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "dozens",
    "hundreds",
    "thousands",
    "scores",
    "several",
  ],
  business: ["Inc.", "Corp.", "Group", "Motors", "Bank", "Air", "Systems", "Airlines", "Energy", "Holdings"],
} as const;
