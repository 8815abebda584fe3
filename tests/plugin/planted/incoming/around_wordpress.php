<?php
// filter_input without any filter.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function asked() {
	return filter_input( INPUT_GET, 'doorstep_tab' );
}
