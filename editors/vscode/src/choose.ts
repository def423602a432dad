import * as vscode from 'vscode';

/** `lspWriter/choose` (docs/protocol.md). */
export interface Question {
  title: string;
  placeholder: string;
  items: Choice[];
  many: boolean;
  typed: boolean;
}

interface Choice extends vscode.QuickPickItem {
  value?: string;
  group?: string;
}

/** The values of what the writer chose, or what they typed; null if they turned away, or who asks `ended` meanwhile. */
export function choose(
  { title, placeholder, items, many, typed }: Question,
  onEnded: (close: () => void) => void,
): Promise<string[] | null> {
  const pick = vscode.window.createQuickPick<Choice>();
  Object.assign(pick, { title, placeholder, canSelectMany: many, matchOnDetail: true, ignoreFocusOut: many || typed });
  const show = () => {
    const own = typed ? pick.value.trim() : '';
    const others = items.filter(({ label }) => label !== own);
    pick.items = own ? [{ label: own, value: own, alwaysShow: true }, ...others] : withHeadings(others);
  };
  show();
  if (many) pick.selectedItems = pick.items;
  return new Promise((resolve) => {
    pick.onDidChangeValue(() => typed && show());
    pick.onDidAccept(() => {
      const values = pick.selectedItems.map(({ value }) => value).filter((value) => value !== undefined);
      resolve(values.length > 0 ? values : null);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(null);
      pick.dispose();
    });
    onEnded(() => pick.hide());
    pick.show();
  });
}

function withHeadings(items: Choice[]): Choice[] {
  return items.flatMap((item, number) => {
    const heading = { label: item.group ?? '', kind: vscode.QuickPickItemKind.Separator };
    return item.group && item.group !== items[number - 1]?.group ? [heading, item] : [item];
  });
}
