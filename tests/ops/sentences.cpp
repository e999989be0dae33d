#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>

#include "catch.hpp"

// Every mistake that an operator's `infer` names (`bad_...`) has a static_assert with the same
// sentence in the same file, so that no user function can hand back a harmless type in silence.

namespace {

std::string text_of(std::filesystem::path const& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return std::regex_replace(text.str(), std::regex(R"("\s*\n\s*")"), "");  // literals are joined
}

}  // namespace

TEST_CASE("every mistake has an assertion with the same sentence", "[ops][sentences]") {
  std::regex const mistake(R"re((bad_\w+)\[\] =\s*"([^"]*)")re");
  std::regex const assertion(R"re(without<(?:\w+::)*(bad_\w+)>,\s*"etch: [a-z0-9_]+: ([^"]*)")re");
  int mistakes = 0;
  for (auto const& entry :
       std::filesystem::directory_iterator(ETCH_SOURCE_DIR "/include/etch/ops")) {
    std::string const text = text_of(entry.path());
    std::map<std::string, std::string> said;
    for (std::sregex_iterator each(text.begin(), text.end(), assertion), end; each != end; ++each)
      said[(*each)[1]] = (*each)[2];
    for (std::sregex_iterator each(text.begin(), text.end(), mistake), end; each != end; ++each) {
      INFO(entry.path().filename().string() << ": " << (*each)[1]);
      REQUIRE(said[(*each)[1]] == (*each)[2]);
      ++mistakes;
    }
  }
  REQUIRE(mistakes >= 40);
}
