<?php
/** The back office: its menu, its scripts and styles, notices. */

$GLOBALS['wordpress_menu']    = array();
$GLOBALS['wordpress_scripts'] = array();
$GLOBALS['wordpress_styles']  = array();

function is_admin() {
	return (bool) ( $GLOBALS['wordpress_admin'] ?? false );
}

/** The name of the page's hook; false for whoever may not see it. */
function add_submenu_page( $parent, $title, $menu_title, $capability, $slug, $callback = '', $position = null ) {
	$name = ( 'woocommerce' === $parent ? 'woocommerce_page_' : 'admin_page_' ) . $slug;
	$GLOBALS['wordpress_menu'][ $slug ] = compact( 'parent', 'title', 'menu_title', 'capability', 'slug', 'name' );
	if ( ! current_user_can( $capability ) ) {
		return false;
	}
	add_action( $name, $callback );
	return $name;
}

function wp_register_script( $name, $address, $needs = array(), $version = false, $args = array() ) {
	$GLOBALS['wordpress_scripts'][ $name ] = compact( 'address', 'needs', 'version', 'args' ) + array( 'wanted' => false, 'before' => array() );
	return true;
}

function wp_enqueue_script( $name, $address = '', $needs = array(), $version = false, $args = array() ) {
	if ( '' !== $address ) {
		wp_register_script( $name, $address, $needs, $version, $args );
	}
	$GLOBALS['wordpress_scripts'][ $name ]['wanted'] = true;
}

function wp_script_is( $name, $state = 'enqueued' ) {
	return 'registered' === $state ? isset( $GLOBALS['wordpress_scripts'][ $name ] ) : ! empty( $GLOBALS['wordpress_scripts'][ $name ]['wanted'] );
}

function wp_add_inline_script( $name, $text, $where = 'after' ) {
	$GLOBALS['wordpress_scripts'][ $name ]['before'][] = $text;
	return true;
}

function wp_set_script_translations( $name, $domain = 'default', $path = '' ) {
	return true;
}

function wp_register_style( $name, $address, $needs = array(), $version = false ) {
	$GLOBALS['wordpress_styles'][ $name ] = compact( 'address', 'version' ) + array( 'wanted' => false );
	return true;
}

function wp_enqueue_style( $name, $address = '', $needs = array(), $version = false ) {
	if ( '' !== $address ) {
		wp_register_style( $name, $address, $needs, $version );
	}
	$GLOBALS['wordpress_styles'][ $name ]['wanted'] = true;
}

/** What the page's end prints of the scripts and styles that were asked for. */
function printed_assets() {
	$text = '';
	foreach ( $GLOBALS['wordpress_styles'] as $name => $style ) {
		$text .= $style['wanted'] ? '<link rel="stylesheet" id="' . esc_attr( $name ) . '-css" href="' . esc_url( versioned( $style ) ) . "\" />\n" : '';
	}
	foreach ( $GLOBALS['wordpress_scripts'] as $name => $script ) {
		if ( ! $script['wanted'] || ! $script['address'] ) {
			continue;
		}
		$strategy = is_array( $script['args'] ) ? ( $script['args']['strategy'] ?? '' ) : '';
		$text    .= $script['before'] ? "<script>\n" . implode( "\n", $script['before'] ) . "\n</script>\n" : '';
		$tag      = '<script src="' . esc_url( versioned( $script ) ) . '" id="' . esc_attr( $name ) . '-js"' . ( $strategy ? " $strategy data-wp-strategy=\"$strategy\"" : '' ) . "></script>\n";
		$text    .= apply_filters( 'script_loader_tag', $tag, $name, $script['address'] );
	}
	return $text;
}

function versioned( $asset ) {
	return $asset['version'] ? add_query_arg( 'ver', $asset['version'], $asset['address'] ) : $asset['address'];
}

function submit_button( $text = null, $type = 'primary', $name = 'submit', $wrap = true, $more = null ) {
	$button = '<input type="submit" name="' . esc_attr( $name ) . '" class="button button-' . esc_attr( $type ) . '" value="' . esc_attr( $text ) . '" />';
	echo $wrap ? "<p class=\"submit\">$button</p>" : $button;
}

function get_current_screen() {
	return (object) array( 'id' => $GLOBALS['wordpress_screen'] ?? '' );
}

/** The page of the back office called `$slug`, whole; the status of the answer is set. */
function admin_page( $slug ) {
	$GLOBALS['wordpress_admin'] = true;
	do_action( 'admin_menu' );
	do_action( 'admin_init' );
	$entry = $GLOBALS['wordpress_menu'][ $slug ] ?? null;
	if ( null === $entry || ! current_user_can( $entry['capability'] ) ) {
		wp_die( 'Sorry, you are not allowed to access this page.', 403 );
	}
	$GLOBALS['wordpress_screen'] = $entry['name'];
	do_action( 'load-' . $entry['name'] );
	do_action( 'admin_enqueue_scripts', $entry['name'] );
	ob_start();
	do_action( 'admin_notices' );
	do_action( $entry['name'] );
	$inside = ob_get_clean();
	$class  = esc_attr( apply_filters( 'admin_body_class', '' ) );
	$title  = esc_html( $entry['title'] );
	return "<!DOCTYPE html>\n<html><head><title>$title</title></head><body class=\"wp-admin wp-core-ui $class\"><div id=\"wpwrap\"><div id=\"wpcontent\"><div id=\"wpbody-content\">\n$inside\n</div></div></div>\n" . printed_assets() . '</body></html>';
}
