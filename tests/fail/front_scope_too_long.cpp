// EXPECT: etch: scope: a name is longer than 127 characters
#include <etch/front/path.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int parts = 12;
#else
constexpr int parts = 13;
#endif

constexpr path repeated() {
  path name = "h";
  for (int i = 0; i < parts; ++i) name = name / "attention";
  return name;
}

constexpr path name = repeated();  // HERE
