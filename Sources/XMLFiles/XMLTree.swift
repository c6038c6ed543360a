// SPDX-License-Identifier: Apache-2.0

/// An XML document as a tree of elements, attributes and text, with namespaces resolved.
///
/// Comments and processing instructions are left out; CDATA and references are part of the text.
package struct XMLTree: Sendable {
    /// The outermost element.
    package let root: Element

    /// An element.
    package struct Element: Sendable {
        /// Its name without prefix.
        package let name: String
        /// Its namespace; nil for none.
        package let namespace: String?
        /// Its attributes in the document's order; declarations of namespaces are none.
        package let attributes: [Attribute]
        /// Elements and text within it in the document's order; no two texts stand beside each other.
        package internal(set) var children: [Node] = []
    }

    /// An attribute.
    package struct Attribute: Hashable, Sendable {
        /// Its name without prefix.
        package let name: String
        /// Its namespace; nil for one without a prefix.
        package let namespace: String?
        /// Its value, with references resolved.
        package let value: String
    }

    /// What stands within an element.
    package enum Node: Sendable {
        case element(Element)
        case text(String)
    }
}

extension XMLTree.Element {
    /// The elements right within this one.
    package var elements: some Sequence<XMLTree.Element> {
        children.lazy.compactMap { node -> XMLTree.Element? in
            guard case .element(let element) = node else { return nil }
            return element
        }
    }

    /// The elements of a name right within this one, of its own namespace.
    package func all(_ name: String) -> [XMLTree.Element] {
        elements.filter { $0.name == name && $0.namespace == namespace }
    }

    /// The first element of a name right within this one, of its own namespace.
    package func first(_ name: String) -> XMLTree.Element? {
        elements.first { $0.name == name && $0.namespace == namespace }
    }

    /// The element that a path of names leads to, the first of each name.
    package func first(at path: String...) -> XMLTree.Element? {
        var element = self
        for name in path {
            guard let next = element.first(name) else { return nil }
            element = next
        }
        return element
    }

    /// The value of an attribute without a prefix; nil where there is none.
    package func attribute(_ name: String) -> String? {
        attributes.first { $0.name == name && $0.namespace == nil }?.value
    }

    /// The text of this element and of all within it.
    package var text: String {
        var result = ""
        for child in children {
            switch child {
            case .text(let text): result += text
            case .element(let element): result += element.text
            }
        }
        return result
    }
}
