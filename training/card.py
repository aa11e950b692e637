"""Model cards: what scripts write into them stands between a mark that names the script and one that ends it."""
END = '<!-- end of figures -->'


def fill_card(path, script, report):
    """Puts the lines of `report` where the card at `path` has the mark of `script`."""
    begin = f'<!-- figures: {script} -->'
    with open(path, encoding='utf-8') as card:
        before, rest = card.read().split(begin)
    with open(path, 'w', encoding='utf-8') as out:
        out.write(before + begin + '\n' + '\n'.join(report) + '\n' + END + rest.split(END, 1)[1])


def table(heads, rows):
    lines = ['| ' + ' | '.join(heads) + ' |', '|' + '---|' * len(heads)]
    return lines + ['| ' + ' | '.join(str(x) for x in row) + ' |' for row in rows]
