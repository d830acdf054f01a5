// The look: dense, quiet, the same in light and dark.
import { createTheme, type MantineColorsTuple } from '@mantine/core'

const night: MantineColorsTuple = [
  '#eef1fb', '#dadff0', '#b2bce2', '#8797d4', '#6378c8', '#4c65c1', '#3f5bbe', '#304ca8', '#284397', '#1b3985',
]

// The kit's red with more contrast to the white on it.
const red: MantineColorsTuple = [
  '#fff0f0', '#ffdede', '#ffb8b8', '#ff9090', '#f97171', '#d43838', '#c92a2a', '#b82323', '#a11d1d', '#861616',
]

export const theme = createTheme({
  primaryColor: 'night',
  colors: { night, red },
  primaryShade: { light: 7, dark: 5 },
  autoContrast: true,
  defaultRadius: 'sm',
  fontFamily: 'Inter, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  components: {
    Button: { defaultProps: { size: 'compact-sm' } },
    ActionIcon: { defaultProps: { size: 'md', variant: 'subtle' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', checkIconPosition: 'right' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Autocomplete: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Modal: { defaultProps: { size: 'lg', centered: false, transitionProps: { duration: 80 } } },
    // The first item has the focus, not a placeholder before it.
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 60 }, withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 60 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 120 } } },
  },
})
