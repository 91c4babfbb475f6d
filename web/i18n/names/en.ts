/** English words of names and of the relay; fetched when they are needed. Flat keys; `{{name}}` marks a value. */
export const en = {
  'name.title': 'Add a name',
  'name.intro': 'A name is how others find you. It is yours, and can move with you to another relay.',
  'name.invited': 'You are invited to {{domain}}.',
  'name.second': 'This browser belongs to {{idTag}}. The new name gets a space of its own here.',
  'name.choice': 'Which name?',
  'name.choice.here': 'On this relay',
  'name.choice.own': 'My domain',
  'name.choice.later': 'Later',
  'name.later': 'Everything stays on this device, and you can add a name at any time.',
  'name.back': 'Back to writing',
  'name.label': 'Your name',
  'name.full': 'Others will find you as {{idTag}}.',
  'name.free': 'It is free.',
  'name.taken': 'This is not free: {{reason}}.',
  'name.community': 'It is for a community that several people lead',
  'name.take': 'Take this name',
  'name.taking': 'One moment…',
  'name.failed': 'It could not be taken: {{message}}.',
  'name.away': 'The relay cannot be reached just now.',
  'name.again': 'Try again',
  'name.unclaimed':
    'This relay is nobody’s yet. It prints a link, “Set up Islet”, where it was started: open that in this browser, and you are {{domain}}.',
  'name.closed':
    'This relay gives names to those who were invited. Ask its operator for an invitation, or start a relay of your own.',
  'name.invitation.used': 'This invitation was used already.',
  'name.invitation.expired': 'This invitation has expired. Ask for a new one.',
  'name.invitation.unknown': 'This invitation is not known here. Was the whole link copied?',
  'dns.label': 'Your domain',
  'dns.invalid': 'That is not a domain name.',
  'dns.show': 'Show the records',
  'dns.how':
    'Enter these records where your domain is managed. They are looked at every few seconds and turn green as they come true.',
  'dns.required': 'For neighbours and devices',
  'dns.optional': 'For who types the bare name (may come later)',
  'dns.either': 'Any one of them:',
  'dns.type': 'Type',
  'dns.host': 'Host',
  'dns.value': 'Value',
  'dns.copyHost': 'Copy the host {{value}}',
  'dns.copyValue': 'Copy the value {{value}}',
  'dns.copied': 'Copied',
  'dns.tls': 'Encryption (TLS)',
  'dns.reach': 'Leads to this relay',
  'dns.looking': 'Looking…',
  'dns.record.ok': 'This is right.',
  'dns.record.none':
    'There is no such record yet. Enter it; new records are often seen within minutes, at some providers after an hour.',
  'dns.record.unanswered':
    'The name servers of this domain do not answer. Whether the record is there cannot be known: look there again later, or ask who runs them.',
  'dns.record.elsewhere':
    'There is a record, but it leads to {{found}}. Change it to the value above; an old one may be remembered for as long as its TTL says.',
  'dns.record.private':
    'There is a record, but {{found}} is an address inside a network that others cannot reach. Enter the public address.',
  'dns.tls.ok': 'The certificate is right.',
  'dns.tls.waits': 'Waits for the record.',
  'dns.tls.unreachable':
    'Nobody takes the connection at port 443. Is the port open at the firewall and forwarded by the router?',
  'dns.tls.wrong-name':
    'The certificate there is for another name. The operator of the relay adds {{host}} to it.',
  'dns.tls.expired': 'The certificate there has expired. The operator of the relay renews it.',
  'dns.tls.untrusted':
    'The certificate there is signed by nobody who is known. The operator of the relay gets one from a public authority.',
  'dns.reach.ok': 'It leads here.',
  'dns.reach.waits': 'Waits for the rows above.',
  'dns.reach.unreachable':
    'The relay cannot connect to itself by this name. Some routers do not allow that; then it works for others all the same.',
  'dns.reach.another':
    'Something answers, but not this relay. Does the proxy in front of it pass {{host}} on?',
  'local.how':
    'This relay runs on this computer only. A name of your own needs a relay that others can reach: on a server, or at home with port 443 open.',
  'local.records': '1. Enter these records at your domain, with the public address of that machine:',
  'local.address': 'the public address of your machine',
  'local.start': '2. Start the relay there with your name:',
  'local.then':
    '3. Open the link that it prints. The documents of this browser can be taken there under Settings.',
  'relay.title': 'This relay',
  'relay.text': 'Names here end with {{domain}}.',
  'relay.closed': 'It gives no names to others (REGISTRATION=closed).',
  'relay.open': 'Everybody may take a name here (REGISTRATION=open).',
  'relay.mine': 'Another name of yours',
  'relay.identities': 'Who is here',
  'relay.unclaimed': 'not set up yet',
  'relay.elsewhere': 'is at {{address}}',
  'relay.pending': 'is to be at {{address}}: make {{host}} lead there',
  'relay.invite': 'Invite somebody',
  'relay.inviteText':
    'They get a name and a place of their own on this relay, and open the link in their own browser. It holds for 7 days and for one person.',
  'relay.note': 'For whom?',
  'relay.make': 'Make a link',
  'relay.link': 'Send this link. It is shown only now.',
  'relay.copy': 'Copy the link',
  'relay.open.until': 'open until {{day}}',
  'relay.used': 'came as {{idTag}}',
  'relay.someone': 'Somebody',
  'relay.withdraw': 'Take back',
  'relay.away': 'The relay cannot be reached, or this device may not let others in.',
} as const;

export type NamesDictionary = Record<keyof typeof en, string>;
export type NamesKey = keyof typeof en;
