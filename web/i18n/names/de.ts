import type { NamesDictionary } from './en.ts';

export const de: NamesDictionary = {
  'name.title': 'Einen Namen hinzufügen',
  'name.intro':
    'Unter einem Namen finden dich andere. Er gehört dir und zieht mit dir um, auch auf ein anderes Relay.',
  'name.invited': 'Du bist zu {{domain}} eingeladen.',
  'name.second': 'Dieser Browser gehört {{idTag}}. Der neue Name bekommt hier einen eigenen Raum.',
  'name.choice': 'Welcher Name?',
  'name.choice.here': 'Auf diesem Relay',
  'name.choice.own': 'Meine Domain',
  'name.choice.later': 'Später',
  'name.later': 'Alles bleibt auf diesem Gerät, und ein Name lässt sich jederzeit hinzufügen.',
  'name.back': 'Zurück zum Schreiben',
  'name.label': 'Dein Name',
  'name.full': 'Andere finden dich als {{idTag}}.',
  'name.free': 'Er ist frei.',
  'name.taken': 'Er ist nicht frei: {{reason}}.',
  'name.community': 'Er ist für eine Gemeinschaft, die mehrere leiten',
  'name.take': 'Diesen Namen nehmen',
  'name.taking': 'Einen Moment…',
  'name.failed': 'Das ging nicht: {{message}}.',
  'name.away': 'Das Relay ist gerade nicht zu erreichen.',
  'name.unclaimed':
    'Dieses Relay gehört noch niemandem. Wo es gestartet wurde, gibt es einen Link aus, „Set up Islet“: Öffne ihn in diesem Browser, und du bist {{domain}}.',
  'name.closed':
    'Dieses Relay gibt Namen an Eingeladene. Bitte den Betreiber um eine Einladung oder starte ein eigenes Relay.',
  'name.invitation.used': 'Diese Einladung wurde schon benutzt.',
  'name.invitation.expired': 'Diese Einladung ist abgelaufen. Bitte um eine neue.',
  'name.invitation.unknown': 'Diese Einladung ist hier nicht bekannt. Wurde der ganze Link kopiert?',
  'dns.label': 'Deine Domain',
  'dns.invalid': 'Das ist kein Domainname.',
  'dns.show': 'Einträge zeigen',
  'dns.how':
    'Trage das dort ein, wo deine Domain verwaltet wird. Alle paar Sekunden wird nachgesehen; was stimmt, wird grün.',
  'dns.required': 'Für Nachbarn und Geräte',
  'dns.optional': 'Für alle, die nur den Namen eintippen (kann später kommen)',
  'dns.either': 'Einer davon genügt:',
  'dns.type': 'Typ',
  'dns.host': 'Host',
  'dns.value': 'Wert',
  'dns.copyHost': 'Host {{value}} kopieren',
  'dns.copyValue': 'Wert {{value}} kopieren',
  'dns.copied': 'Kopiert',
  'dns.tls': 'Verschlüsselung (TLS)',
  'dns.reach': 'Führt zu diesem Relay',
  'dns.looking': 'Sehe nach…',
  'dns.record.ok': 'Das stimmt.',
  'dns.record.none':
    'Diesen Eintrag gibt es noch nicht. Trage ihn ein; neue sieht man oft nach Minuten, bei manchen Anbietern nach einer Stunde.',
  'dns.record.unanswered':
    'Die Nameserver dieser Domain antworten nicht. Ob es den Eintrag gibt, lässt sich nicht sagen: später noch einmal nachsehen oder den Betreiber fragen.',
  'dns.record.elsewhere':
    'Es gibt einen Eintrag, aber er führt zu {{found}}. Ändere ihn auf den Wert oben; ein alter kann so lange gelten, wie seine TTL sagt.',
  'dns.record.private':
    'Es gibt einen Eintrag, aber {{found}} ist eine Adresse in einem Netz, das andere nicht erreichen. Trage die öffentliche Adresse ein.',
  'dns.tls.ok': 'Das Zertifikat stimmt.',
  'dns.tls.waits': 'Wartet auf den Eintrag.',
  'dns.tls.unreachable':
    'An Port 443 nimmt niemand die Verbindung an. Ist der Port in der Firewall offen und im Router weitergeleitet?',
  'dns.tls.wrong-name':
    'Das Zertifikat dort ist für einen anderen Namen. Der Betreiber des Relays nimmt {{host}} auf.',
  'dns.tls.expired': 'Das Zertifikat dort ist abgelaufen. Der Betreiber des Relays erneuert es.',
  'dns.tls.untrusted':
    'Das Zertifikat dort hat niemand unterschrieben, den man kennt. Der Betreiber des Relays besorgt eines von einer öffentlichen Stelle.',
  'dns.reach.ok': 'Er führt hierher.',
  'dns.reach.waits': 'Wartet auf die Zeilen darüber.',
  'dns.reach.unreachable':
    'Das Relay kann sich unter diesem Namen nicht selbst erreichen. Manche Router lassen das nicht zu; für andere geht es trotzdem.',
  'dns.reach.another': 'Etwas antwortet, aber nicht dieses Relay. Reicht der Proxy davor {{host}} weiter?',
  'local.how':
    'Dieses Relay läuft nur auf diesem Rechner. Ein eigener Name braucht ein Relay, das andere erreichen: auf einem Server oder zu Hause mit offenem Port 443.',
  'local.records': '1. Trage das bei deiner Domain ein, mit der öffentlichen Adresse jener Maschine:',
  'local.address': 'die öffentliche Adresse deiner Maschine',
  'local.start': '2. Starte das Relay dort mit deinem Namen:',
  'local.then':
    '3. Öffne den Link, den es ausgibt. Die Dokumente dieses Browsers lassen sich in den Einstellungen dorthin mitnehmen.',
  'relay.title': 'Dieses Relay',
  'relay.text': 'Namen hier enden auf {{domain}}.',
  'relay.closed': 'Es gibt keine Namen an andere (REGISTRATION=closed).',
  'relay.open': 'Jeder darf hier einen Namen nehmen (REGISTRATION=open).',
  'relay.mine': 'Noch ein eigener Name',
  'relay.identities': 'Wer hier ist',
  'relay.unclaimed': 'noch nicht eingerichtet',
  'relay.elsewhere': 'ist bei {{address}}',
  'relay.pending': 'soll bei {{address}} sein: lass {{host}} dorthin führen',
  'relay.invite': 'Jemanden einladen',
  'relay.inviteText':
    'Sie bekommen einen Namen und einen eigenen Platz auf diesem Relay und öffnen den Link in ihrem eigenen Browser. Er gilt 7 Tage und für eine Person.',
  'relay.note': 'Für wen?',
  'relay.make': 'Link erzeugen',
  'relay.link': 'Schicke diesen Link. Er wird nur jetzt gezeigt.',
  'relay.copy': 'Link kopieren',
  'relay.open.until': 'offen bis {{day}}',
  'relay.used': 'kam als {{idTag}}',
  'relay.someone': 'Jemand',
  'relay.withdraw': 'Zurücknehmen',
  'relay.away': 'Das Relay ist nicht zu erreichen, oder dieses Gerät darf niemanden hereinlassen.',
};
