#include "scanner/core/zone_tree.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace scanner {
namespace {

using codec::dns::Name;
using codec::dns::ParseName;

constexpr netio::Instant kNow{std::chrono::seconds(100)};
constexpr netio::Instant kLater = kNow + std::chrono::seconds(60);

Name Wire(std::string_view text) { return ParseName(text).value(); }

class Tree {
 public:
  explicit Tree(uint32_t nodes = 64) : tree_(nodes, 7) {}

  // `CUT` or `CUT seek NODE`.
  std::string Find(std::string_view name, netio::Instant now = kNow) {
    const ZoneTree::Place place = tree_.Find(Wire(name).view(), now);
    std::string out = Text(place.cut);
    if (place.seek != NodeIndex::kNone) out += " seek " + Text(place.seek);
    return out;
  }
  NodeIndex Cut(std::string_view zone, std::string_view above, netio::Instant until = kLater) {
    return tree_.NoteCut(Wire(zone).view(), Wire(above).view(), until, kNow);
  }
  void Inside(std::string_view name, std::string_view above, netio::Instant until = kLater) {
    tree_.NoteInside(Wire(name).view(), Wire(above).view(), until, kNow);
  }
  ZoneTree& tree() { return tree_; }

 private:
  std::string Text(NodeIndex node) const { return codec::dns::ToString(tree_.NameOf(node).view()); }

  ZoneTree tree_;
};

TEST(ZoneTreeTest, SeeksTheTopmostUnknownName) {
  Tree tree;
  EXPECT_EQ(tree.Find("4.3.2.1.in-addr.arpa"), ". seek arpa");
  tree.Cut("in-addr.arpa", ".");
  EXPECT_EQ(tree.Find("4.3.2.1.in-addr.arpa"), "in-addr.arpa seek 1.in-addr.arpa");
  EXPECT_EQ(tree.Find("x.ip6.arpa"), ". seek ip6.arpa")
      << "arpa lies inside the root zone, ip6.arpa perhaps not";
  tree.Cut("2.1.in-addr.arpa", "in-addr.arpa");
  EXPECT_EQ(tree.Find("4.3.2.1.in-addr.arpa"), "2.1.in-addr.arpa seek 3.2.1.in-addr.arpa");
  EXPECT_EQ(tree.Find("4.3.9.1.in-addr.arpa"), "in-addr.arpa seek 9.1.in-addr.arpa");
  tree.Inside("4.3.2.1.in-addr.arpa", "2.1.in-addr.arpa");
  EXPECT_EQ(tree.Find("4.3.2.1.in-addr.arpa"), "2.1.in-addr.arpa");
  EXPECT_EQ(tree.Find("255.3.2.1.in-addr.arpa"), "2.1.in-addr.arpa") << "the last label is nobody's to seek";
  EXPECT_EQ(tree.Find("4.4.2.1.in-addr.arpa"), "2.1.in-addr.arpa seek 4.2.1.in-addr.arpa");
}

TEST(ZoneTreeTest, TheNameItselfMayBeACut) {
  Tree tree;
  tree.Cut("example", ".");
  EXPECT_EQ(tree.Find("host.example"), "example");
  tree.Cut("host.example", "example");
  EXPECT_EQ(tree.Find("host.example"), "host.example");
  EXPECT_EQ(tree.Find("."), ".");
}

TEST(ZoneTreeTest, StatesExpireFromThatInstantOn) {
  Tree tree;
  tree.Cut("b.example", ".", kNow + std::chrono::seconds(1));
  const netio::Instant end = kNow + std::chrono::seconds(1);
  EXPECT_EQ(tree.Find("a.b.example", end - netio::Duration(1)), "b.example");
  EXPECT_EQ(tree.Find("a.b.example", end), ". seek example");
}

TEST(ZoneTreeTest, ACutIsNotTakenForAnInside) {
  Tree tree;
  tree.Cut("example", ".");
  tree.Cut("b.example", "example");
  tree.Inside("x.b.example", "example");
  EXPECT_EQ(tree.Find("x.b.example"), "b.example");
}

TEST(ZoneTreeTest, PinnedNodesAndInnerNodesStay) {
  Tree tree(6);  // The root and five more.
  const NodeIndex cut = tree.Cut("a.b.c", ".");
  ASSERT_NE(cut, NodeIndex::kNone);
  tree.tree().Pin(cut);
  EXPECT_EQ(tree.Find("x.d"), ". seek d");
  EXPECT_EQ(tree.Find("x.e"), ". seek e");
  EXPECT_EQ(tree.Find("x.f"), ". seek f") << "in the place of d";
  EXPECT_EQ(tree.Find("x.a.b.c"), "a.b.c") << "pinned";
  tree.tree().Unpin(cut);
  for (const std::string_view name : {"x.g", "x.h", "x.i", "x.j", "x.k"}) tree.Find(name);
  EXPECT_EQ(tree.Find("x.a.b.c").substr(0, 6), ". seek") << "gone by and by";
}

TEST(ZoneTreeTest, NothingToSeekWhereThereIsNoRoom) {
  Tree tree(3);
  const NodeIndex a = tree.Cut("a", ".");
  const NodeIndex b = tree.Cut("b", ".");
  tree.tree().Pin(a);
  tree.tree().Pin(b);
  EXPECT_EQ(tree.Find("x.c"), ".");
  EXPECT_EQ(tree.Cut("c", "."), NodeIndex::kNone);
  EXPECT_EQ(tree.Find("x.y.a"), "a");
}

TEST(ZoneTreeTest, DropsTheZoneUsedLeastLately) {
  Tree tree;
  for (uint32_t i = 0; i < 3; ++i) {
    const NodeIndex cut = tree.Cut(std::string(1, static_cast<char>('a' + i)), ".");
    tree.tree()[cut].zone = ZoneIndex{i};
  }
  tree.Find("x.a");
  EXPECT_TRUE(tree.tree().DropZone());
  ASSERT_EQ(tree.tree().dropped_zones(), std::vector<ZoneIndex>{ZoneIndex{1}});
  EXPECT_TRUE(tree.tree().DropZone());
  EXPECT_TRUE(tree.tree().DropZone());
  EXPECT_EQ(tree.tree().dropped_zones().back(), ZoneIndex{0});
  EXPECT_FALSE(tree.tree().DropZone());
}

// Against a plain model that forgets nothing: with room for all, every answer is the same.
TEST(ZoneTreeTest, AgreesWithAListOfCuts) {
  std::mt19937 random(1);
  Tree tree(4096);
  std::vector<std::string> cuts = {"."};
  const auto name = [&random] {
    std::string text;
    for (size_t labels = 1 + random() % 5; labels > 0; --labels) {
      if (!text.empty()) text += ".";
      text += static_cast<char>('a' + random() % 3);
    }
    return text;
  };
  const auto deepest = [&cuts](const Name& wanted) {
    std::string best = ".";
    for (const std::string& cut : cuts) {
      const Name wire = Wire(cut);
      if (codec::dns::IsSubdomain(wanted.view(), wire.view()) && wire.length > Wire(best).length) best = cut;
    }
    return best;
  };
  for (int i = 0; i < 200; ++i) {
    const std::string zone = name();
    const std::string above = deepest(Wire(zone));
    if (above == zone) continue;
    tree.Cut(zone, above);
    cuts.push_back(zone);
    const std::string probe = name();
    tree.Inside(probe, deepest(Wire(probe)) == probe ? "." : deepest(Wire(probe)));
    EXPECT_EQ(tree.Find(probe), deepest(Wire(probe)));
  }
}

}  // namespace
}  // namespace scanner
