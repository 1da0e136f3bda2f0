/**
 * What agents and customers of a made-up call center say, as data.
 * @module
 */

export const GREETINGS = [
  'Hello, thank you for calling. How can I help you today?',
  'Good morning, you are through to customer care. What can I do for you?',
  'Thanks for calling, how may I help?',
  'Hi, this is the service desk. What brings you to us today?',
]

export const TOPICS = [
  'Can you tell me about your services.',
  'I need information about your services.',
  'Hello, I am calling about the bill of last month.',
  'I would like to know more about the fibre line.',
  'We are moving next month and need the line at the new address.',
  'My router has been off since yesterday evening.',
  'I want to ask about the return of a parcel.',
  'What are the options for a family of four?',
  'I am considering your services.',
  'I have a question about my contract.',
]

export const EXPLANATIONS = [
  "I'd be happy to help you with that. Let me explain our options.",
  'Of course, I can help with that. Let me open your account.',
  'Sure, let me look at what we have for you.',
  'Certainly. Let me go through it with you.',
]

/** Lines of agents that say nothing about a sale and nothing about a mood. */
export const AGENT_FILLER = [
  'Your order number is 4471920, please keep it at hand.',
  'You can reach the workshop at 555-0142 between nine and five.',
  'The line in your street runs at two hundred megabits.',
  'May I have the postcode of the address?',
  'I see three devices on the account.',
  'The meter was read on the ninth of March.',
  'The technician comes between eight and noon.',
  'Your contract runs until the end of the year.',
  'The parcel left our depot on Tuesday.',
  'The last invoice was 64.20, paid by direct debit.',
  'I have noted the new address.',
  'The box has to be restarted once after the change.',
  'There are two tariffs at this address.',
  'Your reference is RX-20931.',
]

/** Lines of customers that say nothing about a sale and nothing about a mood. */
export const CUSTOMER_FILLER = [
  'The postcode is 8004.',
  'There are four people in the household.',
  'It was on a Tuesday, I believe.',
  'My number is 555-0199.',
  'The letter says 20 March.',
  'I have the invoice here, it has two pages.',
  'How long does the change take?',
  'Which of the two is on my contract now?',
  'The light on the box is orange.',
  'My brother uses the same account.',
  'I am at home on Thursday.',
  'The parcel number ends with 318.',
  'And that is for one year?',
  'I see. Tell me more about the tariff.',
]

/** What a customer says who is content. */
export const POSITIVE = [
  'Great experience.',
  "I'm very happy with the service.",
  'This is excellent, I love it.',
  'You have been really helpful.',
  'Wonderful, that was quick and friendly.',
  "That's fantastic news.",
  "I'm pleased with how this went.",
  'I really appreciate your help.',
  'Amazing, it works again.',
  "I couldn't be happier.",
  'What a pleasant surprise, perfect.',
  "I'm impressed, honestly.",
  'No complaints at all, everything is great.',
  "It wasn't bad at all, I'm satisfied.",
]

/** What a customer says who is not. */
export const NEGATIVE = [
  'Not happy at all.',
  "I'm very frustrated.",
  'This is terrible service.',
  "I'm really disappointed.",
  "This isn't good enough.",
  'It is the worst support I have had.',
  "I'm incredibly frustrated with this.",
  'That is unacceptable.',
  "I'm annoyed, this is the third call.",
  "I don't like how this was handled.",
  'It is a horrible mess.',
  "I'm angry about this bill.",
  'Your service has been awful and slow.',
  "You haven't been helpful so far, and I'm upset.",
]

export const OFFERS = [
  'Would you like to proceed?',
  'So would you like to go ahead with it?',
  'Shall I set it up for you?',
  'Should I book it for you?',
]

/** Words by which a customer takes what was offered. */
export const ACCEPTANCES = [
  "Yes, I'll book that appointment.",
  "I'm ready to buy.",
  'Count me in.',
  "Perfect, I'm interested.",
  "That sounds perfect, let's do it.",
  "I'll take it.",
  "Let's get started.",
  "Let's proceed with the purchase.",
  'Sign me up for that.',
  "I'd like to move forward.",
  'Yes please, go ahead.',
  "Yes, let's schedule it.",
  'Okay, sign me up.',
  'Sure, I want it.',
]

/** Words by which a customer leaves what was offered. */
export const REFUSALS = [
  "Don't sign me up for anything.",
  'No thank you, not today.',
  "I'm not ready to buy.",
  "I won't take it.",
  'No, please do not go ahead.',
  'I would rather not.',
  "I'm not interested.",
  "We don't want to proceed.",
]

/** Neither yes nor no. */
export const DELAYS = [
  'Let me think about it and get back to you.',
  'I need to talk to my partner first.',
  'Can I call you back next week?',
  'Could I sign up online as well?',
  'Would it be possible to book it later?',
  'I have to look at my budget first.',
]

/** Takes back what was said before. */
export const SECOND_THOUGHTS = [
  'Wait, no, please cancel that. I do not want it after all.',
  "Actually, I've changed my mind. Don't book it.",
  'Hold on, let us leave it. I will not take it.',
]

/** Products that are sold with an order, in the words of the calls; what matters is that no verb is part of them. */
export const PRODUCTS = [
  'premium support',
  'deluxe version',
  'pro package',
  'premium plan',
  'extended warranty',
  'additional coverage',
  'express delivery',
  'priority shipping',
  'maintenance plan',
  'support package',
  'insurance package',
  'installation service',
]

/** How an agent offers one; `{product}` and `{price}` are filled in. */
export const UPSELL_OFFERS = [
  'I can add the {product} for {price}.',
  'Many customers take the {product} with it, at {price}.',
  'We also have the {product} for {price}. Shall I include it?',
  'For {price} you get the {product} as well.',
]

/** How a customer takes it. */
export const UPSELL_ACCEPTANCES = [
  'Yes, add that, please.',
  'Sure, include it.',
  "Okay, I'll take that too.",
  'Yes, please add it to my order.',
]

/** How a customer leaves it. */
export const UPSELL_REFUSALS = [
  "No, I don't need that.",
  'No thanks, leave it out.',
  'Not that one, thank you.',
  "I'll pass on that.",
]

/** How a customer asks for one before it was offered. */
export const UPSELL_REQUESTS = [
  'Include the {product} for {price}.',
  "I'll upgrade to the {product} for {price}.",
  'Please add the {product} for {price} as well.',
]

export const CONFIRMATIONS = ["Perfect! I'll add that to your order.", 'All right, it is on the order.', 'Noted.']
export const CLOSINGS = ['Thank you for your time. Have a great day!', 'Thank you for calling, goodbye.']
export const FAREWELLS = ['Thank you, goodbye.', 'Bye.', 'Okay, goodbye.']

export const AGENT_NAMES = [
  'Lisa Thompson',
  'Amanda White',
  'John McDonald',
  "Siobhan O'Brien",
  'Jean-Luc Moreau',
  'Priya Raman',
  'Tomasz Nowak',
  'Grace Okafor',
  'Daniel Reyes',
  'Mei Tanaka',
  'Sofia Castell',
  'Omar Haddad',
]
