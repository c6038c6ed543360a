// SPDX-License-Identifier: Apache-2.0
import XMLFiles

/// The narrative of a section of CDA (`StrucDoc.Text`), laid out as a style sheet would show it.
struct CDANarrative {
    /// The text's lines.
    private(set) var lines: MarkupLines
    /// What `renderMultiMedia` refers to.
    private(set) var references: [String] = []
    /// Whether something was left out that is marked as deleted.
    private(set) var hasDeletions = false

    /// Lays out a `text` element; at most so many scalars of it.
    init(of text: XMLTree.Element, limit: Int) {
        lines = MarkupLines(limit: limit)
        for child in text.children { add(child) }
        lines.finish()
    }

    private mutating func add(_ node: XMLTree.Node) {
        switch node {
        case .text(let text): lines.append(text)
        case .element(let element): add(element)
        }
    }

    private mutating func add(_ element: XMLTree.Element) {
        if element.attribute("revised") == "delete" {
            hasDeletions = true
            return
        }
        switch element.name {
        case "br": lines.breakLine(always: true)
        case "renderMultiMedia":
            references += (element.attribute("referencedObject") ?? "").split(separator: " ")
                .map(String.init)
            addChildren(of: element)
        case "footnote":
            lines.append("(")
            addChildren(of: element)
            lines.append(")")
        case "table":
            lines.beginTable()
            addChildren(of: element)
            lines.endTable()
        case "tr":
            lines.beginRow()
            addChildren(of: element)
        case "td", "th":
            lines.beginCell()
            addChildren(of: element)
        case "paragraph", "list", "item", "caption", "thead", "tbody", "tfoot", "p", "div", "ul",
            "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre":
            lines.breakLine()
            addChildren(of: element)
            lines.breakLine()
        default: addChildren(of: element)
        }
    }

    private mutating func addChildren(of element: XMLTree.Element) {
        for child in element.children { add(child) }
    }
}
