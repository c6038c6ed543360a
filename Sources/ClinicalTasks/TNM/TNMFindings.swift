// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Side of the body, or a side relative to the primary tumour.
enum BodySide: String, Hashable, Sendable {
    case right, left, both
    /// 同側, 対側.
    case same, other
}

/// Lobe of a lung.
enum Lobe: String, Hashable, Sendable {
    case upper, middle, lower
}

/// A nodule, mass or shadow of the lung.
struct LungLesion: Sendable {
    /// Where it is described, in the folded report.
    var range: Range<Int>
    var side: BodySide?
    var lobes: Set<Lobe> = []
    var sizes: [LesionSize] = []
    /// Whether a word for a mass stands there (腫瘤), not only nodule or shadow.
    var isMass = false
    var isGroundGlass = false
    /// Whether it is said to have no solid part (pure GGN, 充実成分なし).
    var isPureGroundGlass = false
    /// Whether ground glass and a solid part are told of it.
    var isPartSolid = false
    var isMultiple = false
    var isBenign = false
    /// Whether a separate nodule is only one of two explanations (閉塞性肺炎もしくは副腫瘍結節).
    var isAlternative = false
    /// Whether it is called known or primary (既知, 原発巣).
    var isKnown = false
    /// How sure the report is that it is lung cancer; nil if it does not say.
    var cancer: Assertion?
    /// How sure the report is that it is a separate tumour nodule or metastasis.
    var spread: Assertion?
    /// `同一肺葉内`, `他葉`, `対側` as the report words it.
    var wording: Wording?
    /// Whether it is a soft-tissue mass lying in the mediastinum.
    var isInMediastinum = false
    var isInMainBronchus = false

    /// Where the report says that a separate nodule lies relative to the primary.
    enum Wording: Hashable, Sendable { case sameLobe, otherLobe, otherLung }

    /// The size that counts: of the solid part if given, otherwise the largest.
    var size: LesionSize? {
        solidSize ?? largest
    }

    /// The largest size of a solid part, where one is told.
    var solidSize: LesionSize? {
        sizes.filter(\.isSolidPart).max { $0.millimetres < $1.millimetres }
    }

    /// The largest of all sizes.
    var largest: LesionSize? { sizes.max { $0.millimetres < $1.millimetres } }
}

/// Growth into a structure.
struct InvasionFinding: Sendable {
    let structure: InvadedStructure
    let assertion: Assertion
    let range: Range<Int>
}

/// Structures whose invasion decides T, grouped as the eighth edition does.
enum InvadedStructure: String, CaseIterable, Hashable, Sendable {
    case visceralPleura = "visceral-pleura"
    case chestWall = "chest-wall"
    case pericardium
    case mediastinum
    case heart
    case greatVessel = "great-vessel"
    case pulmonaryVessel = "pulmonary-vessel"
    case trachea
    case oesophagus
    case vertebra
    case diaphragm
    /// 反回神経, also by its palsy.
    case recurrentNerve = "recurrent-nerve"
    case phrenicNerve = "phrenic-nerve"
    /// 腕神経叢, or its roots C8 and above.
    case brachialPlexus = "brachial-plexus"
    /// Superior sulcus: Pancoast, Horner, roots T1 and T2.
    case superiorSulcus = "superior-sulcus"
    /// 上大静脈症候群.
    case venaCavaSyndrome = "vena-cava-syndrome"

    /// The name that the learned second opinion knows the structure by.
    var featureName: String {
        switch self {
        case .recurrentNerve: Self.trachea.rawValue
        case .phrenicNerve, .brachialPlexus, .superiorSulcus: Self.chestWall.rawValue
        case .venaCavaSyndrome: Self.greatVessel.rawValue
        default: rawValue
        }
    }
}

/// Level of a lymph node.
enum NodeStation: String, CaseIterable, Hashable, Sendable {
    case hilar, mediastinal, supraclavicular, distant
    /// A node whose place is not told.
    case unplaced
}

/// Lymph nodes that a report calls enlarged or metastatic.
struct NodeFinding: Sendable {
    let station: NodeStation
    let side: BodySide?
    /// How sure the report is of a metastasis; an enlarged node without comment counts as suspected.
    let assertion: Assertion
    let range: Range<Int>
    /// The station's name as the report has it (#7, 気管分岐下); nil for 縦隔 and the like.
    var name: String?
}

/// Spread outside lungs and regional nodes.
struct MetastasisFinding: Sendable {
    let site: MetastasisSite
    let assertion: Assertion
    let isMultiple: Bool
    let range: Range<Int>
}

/// Where a metastasis lies.
enum MetastasisSite: String, CaseIterable, Hashable, Sendable {
    case liver, adrenal, bone, brain, kidney, other
    case distantNode = "distant-node"
    /// 髄膜播種, 癌性髄膜炎.
    case meninges
    case peritoneum
    /// Dissemination, malignant pleural or pericardial effusion (M1a).
    case pleura
    /// 遠隔転移 without an organ.
    case unspecified

    /// The name that the learned second opinion knows the site by.
    var featureName: String {
        switch self {
        case .meninges: Self.brain.rawValue
        case .peritoneum: Self.other.rawValue
        default: rawValue
        }
    }
}

/// A disease that is no primary lung cancer, named in a report.
struct Diagnosis: Sendable {
    /// What kind of disease.
    enum Kind: String, Sendable {
        case otherCancer, lymphoma, thymoma, benign, inflammation
        /// Nodules that are called metastases, of whatever primary.
        case lungMetastasis
        case surgery, recurrence
    }

    let kind: Kind
    let assertion: Assertion
    let range: Range<Int>
    /// The place in the lungs that its sentence names before it.
    let side: BodySide?
    let lobes: Set<Lobe>
}

/// All that a report says about a lung tumour.
struct TNMFindings: Sendable {
    var lesions: [LungLesion] = []
    var invasions: [InvasionFinding] = []
    var nodes: [NodeFinding] = []
    var metastases: [MetastasisFinding] = []
    /// The categories that the report itself states.
    var explicit: [ExplicitCategory] = []
    /// The edition that the report names last, beside a category or not.
    var namedEdition: Int?
    /// Those that it names as a possibility.
    var possibleCategories: [ExplicitCategory] = []
    /// Whether it states categories of another organ's cancer.
    var statesOtherCancer = false
    /// Diseases other than lung cancer that it names or denies.
    var diagnoses: [Diagnosis] = []
    /// Whether it shows that nodes, or places of distant spread, were looked at and nothing was found.
    var surveysNodes = false
    /// Whether it leaves open a metastasis of nodes that it does not suspect.
    var hasUnsettledNodes = false
    var surveysSpread = false
    /// Whether it denies that the cancer has come back.
    var deniesRecurrence = false
    /// Whether the lungs are spoken of, and whether another part of the body is.
    var showsLung = false
    var showsOtherRegion = false
    /// How sure the report is of a lung cancer; nil if it names none.
    var lungCancer: Assertion?
    /// Whether its last word on lung cancer is a denial.
    var isLungCancerDenied = false
    /// A length without a unit, which is not read.
    var bareSize: Range<Int>?
    /// Collapse or pneumonia behind an obstruction.
    var obstruction: Range<Int>?
    var mainBronchus: Range<Int>?
    /// Where a lung cancer is named without being denied.
    var cancerMention: Range<Int>?
    /// Where a cancer with its place is named (左上葉肺癌), not as something treated.
    var placedCancer: Range<Int>?
    /// Whether the cancer was resected or treated (術後, 療法後).
    var isTreated = false
    /// Whether it was resected.
    var isResected = false
    /// Whether nodes, or lung lesions, are expressly denied.
    var deniesNodes = false
    var deniesLesions = false
    /// Side of a cancer that is named, or of one that has vanished, but not described as a lesion.
    var namedSide: BodySide?
    /// Lobes of that cancer, where its name tells them.
    var namedLobes: Set<Lobe> = []
    /// Index of the primary tumour in `lesions`.
    var primary: Int?
}
