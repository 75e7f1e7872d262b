/** The areas that take dropped and pasted files. A file dropped elsewhere on the page goes to the first one. */
import { isFilePaste, nameScreenshot } from "./rules.ts";

export interface Area {
  element: HTMLElement;
  add: (files: Iterable<File>) => void;
  setDropping: (isDropping: boolean) => void;
}

const areas = new Set<Area>();
let hovered: Area | null = null;

function inPageOrder(): Area[] {
  return [...areas].sort((a, b) =>
    a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
}

/** Returns the innermost area around a node. */
const areaAround = (node: Node): Area | undefined => inPageOrder().findLast((area) => area.element.contains(node));

function areaForPaste(node: Element): Area | undefined {
  const form = node.closest("form");
  return areaAround(node) ?? (form ? inPageOrder().find((area) => form.contains(area.element)) : undefined);
}

function setHovered(area: Area | null): void {
  if (area === hovered) return;
  hovered?.setDropping(false);
  hovered = area;
  hovered?.setDropping(true);
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
const areaForDrop = (event: DragEvent): Area | undefined => areaAround(event.target as Node) ?? inPageOrder()[0];

function onDragOver(event: DragEvent): void {
  if (!hasFiles(event) || !event.dataTransfer) return;
  const area = areaForDrop(event);
  event.preventDefault();
  event.dataTransfer.dropEffect = area ? "copy" : "none";
  setHovered(area ?? null);
}

function onDragLeave(event: DragEvent): void {
  if (!event.relatedTarget) setHovered(null);
}

function onDrop(event: DragEvent): void {
  if (!hasFiles(event)) return;
  event.preventDefault();
  const area = areaForDrop(event);
  setHovered(null);
  area?.add(event.dataTransfer?.files ?? []);
}

function onPaste(event: ClipboardEvent): void {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!isFilePaste(files, event.clipboardData?.getData("text/plain") ?? "")) return;
  const area = areaForPaste(event.target as Element);
  if (!area) return;
  event.preventDefault();
  area.add(files.map((file) => nameScreenshot(file)));
}

const LISTENERS = [["dragover", onDragOver], ["dragleave", onDragLeave], ["drop", onDrop], ["paste", onPaste]] as const;

/** Adds an area; returns a function that removes it. */
export function addArea(area: Area): () => void {
  if (areas.size === 0) for (const [kind, listener] of LISTENERS) document.addEventListener(kind, listener as EventListener);
  areas.add(area);
  return () => {
    areas.delete(area);
    if (hovered === area) hovered = null;
    if (areas.size === 0) for (const [kind, listener] of LISTENERS) document.removeEventListener(kind, listener as EventListener);
  };
}
