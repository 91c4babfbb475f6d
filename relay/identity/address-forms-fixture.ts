/** Places inside: of this machine, of its network, of the cloud it runs in. */
const inside = [
  ...['127.0.0.1', '127.0.0.2', '127.255.255.254', '0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1'],
  ...[
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.254',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
  ],
  ...[
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
  ],
];

const insideIpv6 = `
:: ::1 0:0:0:0:0:0:0:1 0000:0000:0000:0000:0000:0000:0000:0001 ::0:1 fe80::1 febf::1 fec0::1 fc00::1 fdff::1 fd00:ec2::254 ff01::1 ff02::1
ff05::1:3 100::1 100:0:0:1::1 2001::1 2001:2::1 2001:10::1 2001:20::1 2001:30::1 2001:db8::1 2002:: 2620:4f:8000::1 3ffe::1 3fff::1 3fff:fff::1 5f00::1
64:ff9b:1::1 4000::1 8000::1 ::ffff:0:0:1
`
  .trim()
  .split(/\s+/);

const hex = (value: number, digits = 0) => value.toString(16).padStart(digits, '0');
const octal = (value: number) => `0${value.toString(8)}`;

/** One number for the whole of it, for its last three, and for its last two parts, in each base. */
function shortForms([a, b, c, d]: readonly [number, number, number, number]): string[] {
  const last = { two: c * 256 + d, three: (b * 256 + c) * 256 + d };
  const whole = a * 2 ** 24 + last.three;
  return [
    ...[
      `${whole}`,
      `0x${hex(whole)}`,
      `0X${hex(whole, 8).toUpperCase()}`,
      octal(whole),
      `${whole + 2 ** 32}`,
    ],
    ...[`${a}.${last.three}`, `0x${hex(a)}.0x${hex(last.three)}`, `${octal(a)}.${octal(last.three)}`],
    ...[`${a}.${b}.${last.two}`, `${a}.0x${hex(b)}.${octal(last.two)}`],
    ...[
      `0x${hex(a)}.${b}.${c}.${d}`,
      `${octal(a)}.${octal(b)}.${octal(c)}.${octal(d)}`,
      `000${a}.${b}.${c}.0${d}`,
    ],
    ...[`${a}.${b}.${c}.${d}.`, `.${a}.${b}.${c}.${d}`, `${a}.${b}.${c}.${d}.0`, `${a + 256}.${b}.${c}.${d}`],
  ];
}

/** IPv4 inside IPv6, in every way there is a document about. */
function carriedForms(dotted: string, [a, b, c, d]: readonly [number, number, number, number]): string[] {
  const pair = `${hex(a * 256 + b)}:${hex(c * 256 + d)}`;
  const flipped = `${hex(0xffff - (a * 256 + b))}:${hex(0xffff - (c * 256 + d))}`;
  return [
    ...[
      `::ffff:${dotted}`,
      `::ffff:${pair}`,
      `::FFFF:${pair}`,
      `0:0:0:0:0:ffff:${pair}`,
      `0:0:0:0:0:ffff:${dotted}`,
    ],
    ...[`::${dotted}`, `::${pair}`, `::ffff:0:${dotted}`, `::ffff:0:${pair}`],
    ...[`64:ff9b::${dotted}`, `64:ff9b::${pair}`, `64:ff9b:1::${pair}`, `64:ff9b:0:0:0:0:${pair}`],
    ...[
      `2002:${pair}::`,
      `2002:${pair}::1`,
      `2001:0:${pair}::${flipped}`,
      `2001::${flipped}`,
      `fe80::5efe:${dotted}`,
    ],
    ...[`[::ffff:${dotted}]`, `::ffff:${dotted}%lo`, `::ffff:${pair}%25lo`],
  ];
}

const wide = (text: string) =>
  text.replaceAll(/[\d.]/g, (letter) =>
    letter === '.' ? '\u3002' : String.fromCodePoint(0xff10 + Number(letter)),
  );
const circled = (text: string) =>
  text.replaceAll(/[1-9]/g, (digit) => String.fromCodePoint(0x245f + Number(digit)));

/** What a parser of URLs, of text, or of another language may take for the same. */
function disguises(dotted: string): string[] {
  return [
    ...[
      `${dotted}:443`,
      `${dotted}:80`,
      `https://${dotted}/`,
      `//${dotted}`,
      `1.1.1.1@${dotted}`,
      `1.1.1.1:x@${dotted}:443`,
    ],
    ...[
      `${dotted}/`,
      `${dotted}#1.1.1.1`,
      `${dotted}?1.1.1.1`,
      `${dotted}\\@1.1.1.1`,
      `1.1.1.1 ${dotted}`,
      `1.1.1.1,${dotted}`,
    ],
    ...[
      ` ${dotted}`,
      `${dotted}\n`,
      `\t${dotted}`,
      `${dotted}\0`,
      `1.1.1.1\0${dotted}`,
      `${dotted}\r\nhost: x`,
    ],
    ...[
      wide(dotted),
      circled(dotted),
      dotted.replaceAll('.', '\uff0e'),
      dotted.replaceAll('.', '\u200b.'),
      dotted.replace('.', '%2e'),
    ],
    ...[
      `${dotted}%lo`,
      `${dotted}/8`,
      `[${dotted}]`,
      `+${dotted}`,
      `-${dotted}`,
      dotted.replaceAll('.', '..'),
    ],
  ];
}

/** Names that lead back here without any address. */
const names = [
  ...['localhost', 'LOCALHOST', 'localhost.', 'me.localhost.', 'ip6-localhost', '0', '', '.', '*'],
  ...[
    '\u24dbocalhost',
    'localho\u017ft',
    '\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54',
    'local\u00adhost',
    'broadcasthost',
  ],
];

/** Texts that some program somewhere reads as an address that is not public. None of them twice. */
export function listAddressForms(): string[] {
  const forms = inside.flatMap((dotted) => {
    const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
    const parts = [a, b, c, d] as const;
    return [dotted, ...shortForms(parts), ...carriedForms(dotted, parts), ...disguises(dotted)];
  });
  const six = insideIpv6.flatMap((text) => [
    ...[
      text,
      text.toUpperCase(),
      `[${text}]`,
      `[${text}]:443`,
      `${text}%1`,
      `${text}%eth0`,
      `${text}%25eth0`,
      `${text}.`,
      ` ${text}`,
    ],
  ]);
  return [...new Set([...forms, ...six, ...names])];
}
