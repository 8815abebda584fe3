<?php
// A variable by a name that comes from outside.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function keep( $name, $value ) {
	$$name = $value;
}
