/** Markdown as React elements: text stays text, so that no markup of a ticket can run. */

import { Fragment, type ReactNode } from 'react';

export interface MarkdownProps {
  /** Markdown: headings, lists, quotes, code, links, bold, italic and struck text. */
  text: string;
}

/** Show formatted text. Only links to http, https and mailto addresses become links. */
export function Markdown({ text }: MarkdownProps): ReactNode {
  return <div className="tk-markdown">{blocks(text.replace(/\r\n?/g, '\n').split('\n'))}</div>;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/;
const HEADING = /^ {0,3}(#{1,6})\s+(\S.*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
const MAX_DEPTH = 8;

function blocks(lines: string[], depth = 0): ReactNode[] {
  const elements: ReactNode[] = [];
  let at = 0;
  const takeWhile = (condition: (line: string) => boolean): string[] => {
    const start = at;
    while (at < lines.length && condition(lines[at] ?? '')) at += 1;
    return lines.slice(start, at);
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const key = at;
    const fence = FENCE.exec(line);
    const heading = HEADING.exec(line);
    if (!line.trim()) {
      at += 1;
    } else if (fence) {
      at += 1;
      const mark = fence[1] ?? '```';
      const isEnd = (one: string): boolean => {
        const text = one.trim();
        return text.length >= mark.length && text === mark.charAt(0).repeat(text.length);
      };
      const code = takeWhile((one) => !isEnd(one));
      at += 1;
      elements.push(
        <pre key={key} tabIndex={0}>
          <code>{code.join('\n')}</code>
        </pre>,
      );
    } else if (heading) {
      at += 1;
      const Tag = `h${Math.min((heading[1] ?? '').length + 2, 6)}` as 'h3';
      elements.push(<Tag key={key}>{inline((heading[2] ?? '').replace(/\s#+\s*$/, ''))}</Tag>);
    } else if (RULE.test(line)) {
      at += 1;
      elements.push(<hr key={key} />);
    } else if (QUOTE.test(line) && depth < MAX_DEPTH) {
      const quoted = takeWhile((one) => QUOTE.test(one)).map((one) => one.replace(QUOTE, ''));
      elements.push(<blockquote key={key}>{blocks(quoted, depth + 1)}</blockquote>);
    } else if (ITEM.test(line) && depth < MAX_DEPTH) {
      const [, indent = '', start] = ITEM.exec(line) ?? [];
      at += 1;
      const rest = takeWhile((one) => isInList(one, indent.length, start !== undefined));
      const items = listItems([line, ...rest].map((one) => one.slice(indent.length)));
      const children = items.map((item, n) => <li key={n}>{tight(blocks(item, depth + 1))}</li>);
      elements.push(
        start === undefined ? (
          <ul key={key}>{children}</ul>
        ) : (
          <ol key={key} start={Number(start)}>
            {children}
          </ol>
        ),
      );
    } else {
      at += 1;
      const text = [line, ...takeWhile((one) => !startsBlock(one))];
      elements.push(<p key={key}>{withLineBreaks(text)}</p>);
    }
  }
  return elements;
}

function startsBlock(line: string): boolean {
  return (
    !line.trim() ||
    [FENCE, HEADING, RULE, QUOTE, ITEM].some((pattern) => pattern.test(line))
  );
}

function isInList(line: string, indent: number, isOrdered: boolean): boolean {
  if (line.length - line.trimStart().length >= indent + 2) return line.trim() !== '';
  const item = ITEM.exec(line);
  return item !== null && (item[2] !== undefined) === isOrdered && !RULE.test(line);
}

/** Return the lines of each item; nested lines lose the indentation of the item. */
function listItems(lines: string[]): string[][] {
  const items: string[][] = [];
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (item && (item[1] ?? '').length < 2) items.push([item[3] ?? '']);
    else items.at(-1)?.push(line.replace(/^ {1,4}/, ''));
  }
  return items;
}

/** Return the content of a list item, without the paragraph around a single line. */
function tight(children: ReactNode[]): ReactNode {
  return children.map((child) =>
    isParagraph(child) ? <Fragment key={child.key}>{child.props.children}</Fragment> : child,
  );
}

function isParagraph(
  child: ReactNode,
): child is { type: 'p'; key: string | null; props: { children: ReactNode } } & ReactNode {
  return typeof child === 'object' && child !== null && 'type' in child && child.type === 'p';
}

function withLineBreaks(lines: string[]): ReactNode {
  return lines.map((line, n) => (
    <Fragment key={n}>
      {n > 0 && <br />}
      {inline(line.trim())}
    </Fragment>
  ));
}

/** The marks inside a line; the first that matches wins. Lengths are limited, so that many unclosed
 * marks in a long line take no time. */
const INLINE =
  /(`{1,9})(.{1,1000}?)\1(?!`)|\*\*(?=\S)(.{1,1000}?)(?<=\S)\*\*|~~(?=\S)(.{1,1000}?)(?<=\S)~~|\*(?=\S)(.{1,1000}?)(?<=\S)\*|(?<!\w)_(?=\S)(.{1,1000}?)(?<=\S)_(?!\w)|\[([^\]]{1,500})\]\(([^\s)]{1,2000})\)|(https?:\/\/[^\s<>]{0,2000}[^\s<>.,;:!?)\]'"])|\\([\\`*_{}[\]()#+.!~>-])/g;

function inline(text: string, depth = 0): ReactNode {
  if (depth > MAX_DEPTH) return text;
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    parts.push(text.slice(end, match.index));
    parts.push(<Fragment key={match.index}>{marked(match, depth + 1)}</Fragment>);
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

function marked(match: RegExpMatchArray, depth: number): ReactNode {
  const [whole, , code, bold, struck, star, underscore, label, target, address, escaped] = match;
  if (code !== undefined) return <code>{code.trim() || code}</code>;
  if (bold !== undefined) return <strong>{inline(bold, depth)}</strong>;
  if (struck !== undefined) return <del>{inline(struck, depth)}</del>;
  const italic = star ?? underscore;
  if (italic !== undefined) return <em>{inline(italic, depth)}</em>;
  if (label !== undefined && target !== undefined) {
    return isSafe(target) ? link(target, inline(label, depth)) : whole;
  }
  if (address !== undefined) return link(address, address);
  return escaped ?? whole;
}

function isSafe(target: string): boolean {
  return /^(?:https?:\/\/|mailto:)/i.test(target);
}

function link(target: string, label: ReactNode): ReactNode {
  return (
    <a href={target} target="_blank" rel="noopener noreferrer nofollow">
      {label}
    </a>
  );
}
